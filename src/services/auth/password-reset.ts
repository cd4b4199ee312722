import { audited, type Db, type Id, type Tx } from "#kernel";
import { emit } from "#kernel/bus/outbox";
import type { KernelTables } from "#kernel/db/tables";
import { newTraceId } from "#kernel/trace";
import * as accountStore from "./account-store.ts";
import { nameKey } from "./names.ts";
import type { Tables } from "./store.ts";
import * as store from "./store.ts";
import { hashed } from "./tokens.ts";

/** Security S3.6. */
export const resetLifeMs = 3_600_000;

/** Makes `token` good for a new password of the account, in place of what was made before; yields until when. */
export async function noteReset(tx: Tx<Tables>, userId: Id, token: string, nowMs: number): Promise<number> {
  const expiresAtMs = nowMs + resetLifeMs;
  await accountStore.insertReset(tx, { token_hash: hashed(token), user_id: userId, expires_at_ms: expiresAtMs });
  return expiresAtMs;
}

/**
 * As {@link noteReset}, for whoever runs the machine, with its entry in the audit trail: the server tells it, at its next
 * start at the latest. Undefined where nobody is called that.
 */
export async function makeResetLink(db: Db<Tables>, name: string, token: string, nowMs: number) {
  const account = await store.accountByName(db, nameKey(name));
  if (!account) return undefined;
  const { userId } = account;
  await db.tx(async (tx) => {
    await noteReset(tx, userId, token, nowMs);
    const payload = { act: "password.link_made", subject: { kind: "user", id: userId }, atMs: nowMs };
    const stamp = { traceId: newTraceId(), nowMs };
    // No host runs here: what it would do with an event of this service's.
    await emit(tx as unknown as Tx<KernelTables>, audited, [{ key: userId, payload }], stamp);
  });
  return account;
}
