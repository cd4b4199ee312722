import { audited, type Call, callerOf, type Host, type Id, type Tx } from "#kernel";
import type { Tables } from "../store.ts";

/** Records acts about runners in the audit trail; those of a runner itself have no `call` of an account. */
export const createNotes =
  ({ emit, now }: Pick<Host<Tables>, "emit" | "now">) =>
  (tx: Tx<Tables>, act: string, id: Id, call?: Call): Promise<void> =>
    emit(tx, audited, id, {
      act,
      atMs: now(),
      subject: { kind: act.split(".")[0] ?? "", id },
      ...(call && { actorId: callerOf(call) }),
    });
