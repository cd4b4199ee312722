import type { Id } from "#kernel";
import { asKinoraError } from "#kernel/errors";
import type { Outcome } from "../contract.ts";

/** Applies `work` to each id by itself; a failure of one does not affect the others. */
export async function outcomeOfEach(
  ids: readonly Id[],
  work: (id: Id) => Promise<Partial<Outcome>>,
): Promise<{ items: Outcome[] }> {
  const items: Outcome[] = [];
  const nothing = { entry: null, taskId: null, error: null };
  for (const id of new Set(ids)) {
    const outcome = await work(id).catch((error: unknown) => {
      const { kind, code, message } = asKinoraError(error);
      // A dependency that is down is down for all of them: the whole call fails.
      if (kind === "internal" || kind === "unavailable") throw error;
      return { ok: false, error: { code, message } };
    });
    items.push({ ...nothing, id, ok: true, ...outcome });
  }
  return { items };
}
