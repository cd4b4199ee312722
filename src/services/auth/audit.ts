import { audited, type Host, type Id, type Tx } from "#kernel";
import type { Tables } from "./store.ts";

type AuditHost = Pick<Host, "emit" | "now">;
interface Circumstances {
  readonly actorId?: Id | undefined;
  readonly detail?: string | undefined;
}

/** Adds an act that concerns an account to the audit trail, in the transaction of the act (security S8.5). */
export const recordAct = (
  { emit, now }: AuditHost,
  tx: Tx<Tables>,
  userId: Id,
  act: string,
  { actorId, detail }: Circumstances = {},
): Promise<void> =>
  emit(tx, audited, userId, {
    act,
    subject: { kind: "user", id: userId },
    atMs: now(),
    ...(detail !== undefined && { detail }),
    ...(actorId !== undefined && { actorId }),
  });

/** Without an account the name that was tried is not recorded: users type passwords into the wrong field. */
export const recordRefusedSignIn = (
  host: AuditHost & Pick<Host, "nextId">,
  tx: Tx<Tables>,
  userId: Id | undefined,
  detail?: string,
): Promise<void> =>
  userId === undefined
    ? host.emit(tx, audited, host.nextId(), {
        act: "session.refused",
        atMs: host.now(),
        detail: detail ?? "nobody is called so",
      })
    : recordAct(host, tx, userId, "session.refused", { detail });
