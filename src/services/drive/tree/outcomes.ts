import type { Id } from "#kernel";
import { asKinoraError } from "#kernel/errors";
import type { Outcome } from "../contract.ts";

/** Does something to each by itself; what fails for one says nothing of the others. */
export async function each(
  ids: readonly Id[],
  work: (id: Id) => Promise<Partial<Outcome>>,
): Promise<{ items: Outcome[] }> {
  const items: Outcome[] = [];
  const nothing = { entry: null, taskId: null, error: null };
  for (const id of new Set(ids)) {
    const outcome = await work(id).catch((error: unknown) => {
      const { kind, code, message } = asKinoraError(error);
      // A part that is down is down for all of them: that is the answer.
      if (kind === "internal" || kind === "unavailable") throw error;
      return { ok: false, error: { code, message } };
    });
    items.push({ ...nothing, id, ok: true, ...outcome });
  }
  return { items };
}
