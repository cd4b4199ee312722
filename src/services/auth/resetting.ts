import type { Db, Id, Tx } from "#kernel";
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

/** As {@link noteReset}, for whoever runs the machine; undefined where nobody is called that. */
export async function makeResetLink(db: Db<Tables>, name: string, token: string, nowMs: number) {
  const account = await store.accountByName(db, nameKey(name));
  if (!account) return undefined;
  await db.tx((tx) => noteReset(tx, account.userId, token, nowMs));
  return account;
}
