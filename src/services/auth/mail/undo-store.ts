import type { Id, Tx } from "#kernel";
import type { Db, Tables } from "../store.ts";

interface NewUndo {
  readonly userId: Id;
  readonly email: string;
  readonly nowMs: number;
  readonly lifeMs: number;
}

/** Stores the earlier address of an account; the one of an earlier change stays while it can be restored. */
export async function insert(tx: Tx<Tables>, { userId, email, nowMs, lifeMs }: NewUndo): Promise<void> {
  await tx
    .deleteFrom("auth.email_undos as undos")
    .where("user_id", "=", userId)
    .where("expires_at_ms", "<=", nowMs)
    .execute();
  await tx
    .insertInto("auth.email_undos")
    .values({ user_id: userId, email, token_hash: null, expires_at_ms: nowMs + lifeMs })
    .onConflict((c) => c.column("user_id").doNothing())
    .execute();
}

/** Sets the token of the mail that is about to be sent; false where that address cannot undo a change any more. */
export async function setToken(tx: Tx<Tables>, userId: Id, email: string, tokenHash: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("auth.email_undos as undos")
    .set({ token_hash: tokenHash })
    .where("user_id", "=", userId)
    .where("email", "=", email)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Removes the change of this token, and yields it. */
export const take = (tx: Tx<Tables>, tokenHash: string) =>
  tx
    .deleteFrom("auth.email_undos as undos")
    .where("token_hash", "=", tokenHash)
    .returning(["user_id as userId", "email", "expires_at_ms as expiresAtMs"])
    .executeTakeFirst();

/** The end of the time in which a change of an account's address can be undone; undefined where none can be. */
export const endOf = async (db: Db, userId: Id, nowMs: number): Promise<number | undefined> =>
  (
    await db
      .selectFrom("auth.email_undos as undos")
      .select("expires_at_ms as expiresAtMs")
      .where("user_id", "=", userId)
      .where("expires_at_ms", ">", nowMs)
      .executeTakeFirst()
  )?.expiresAtMs;

/** A restored address was verified before; links that would verify another one end. */
export async function setVerifiedAgain(tx: Tx<Tables>, userId: Id, nowMs: number): Promise<void> {
  await tx
    .updateTable("auth.credentials as credentials")
    .set({ email_verified_at_ms: nowMs })
    .where("user_id", "=", userId)
    .execute();
  await tx.deleteFrom("auth.email_verifications as verifications").where("user_id", "=", userId).execute();
}

export const forgetUndos = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.email_undos as undos").where("expires_at_ms", "<", beforeMs).execute();
