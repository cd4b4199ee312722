import { audited, type Db, type Id, type Tx } from "#kernel";
import { emit } from "#kernel/bus/outbox";
import type { KernelTables } from "#kernel/db/tables";
import { newTraceId } from "#kernel/trace";
import * as accountStore from "../account-store.ts";
import { nameKey } from "../names.ts";
import type { Tables } from "../store.ts";
import * as store from "../store.ts";
import { hashSecret } from "../tokens.ts";

/** Security S3.6. */
export const resetLifeMs = 3_600_000;

/** Stores the one valid reset token of an account, in place of earlier ones; yields its expiry. */
export async function storeReset(tx: Tx<Tables>, userId: Id, token: string, nowMs: number): Promise<number> {
  const expiresAtMs = nowMs + resetLifeMs;
  await accountStore.insertReset(tx, { token_hash: hashSecret(token), user_id: userId, expires_at_ms: expiresAtMs });
  return expiresAtMs;
}

/**
 * As {@link storeReset}, for an operator at the command line, with its entry in the audit trail: the server publishes that
 * at its next start at the latest. Undefined where there is no such account.
 */
export async function makeResetLink(db: Db<Tables>, name: string, token: string, nowMs: number) {
  const account = await store.accountByName(db, nameKey(name));
  if (!account) return undefined;
  const { userId } = account;
  await db.tx(async (tx) => {
    await storeReset(tx, userId, token, nowMs);
    const payload = { act: "password.link_made", subject: { kind: "user", id: userId }, atMs: nowMs };
    const stamp = { traceId: newTraceId(), nowMs };
    // No host runs here, so this does what its `emit` would do.
    await emit(tx as unknown as Tx<KernelTables>, audited, [{ key: userId, payload }], stamp);
  });
  return account;
}
