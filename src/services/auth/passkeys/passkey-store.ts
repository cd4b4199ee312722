import type { Id, Tx } from "#kernel";
import { type Insertable, sql } from "kysely";
import type { Db, Tables } from "../store.ts";

const columns = [
  "id",
  "name",
  "created_at_ms as createdAtMs",
  "used_at_ms as usedAtMs",
  "is_synced as synced",
  "is_passwordless as passwordless",
  "rp_id as rpId",
] as const;
export interface PasskeyRow {
  readonly id: Id;
  readonly name: string;
  readonly createdAtMs: number;
  readonly usedAtMs: number | null;
  readonly synced: boolean;
  readonly passwordless: boolean;
  readonly rpId: string;
}

const passkeys = (db: Db) => db.selectFrom("auth.passkeys as passkeys");

/** The passkeys of an account, the first added first. */
export const ofAccount = (db: Db, userId: Id): Promise<PasskeyRow[]> =>
  passkeys(db).select(columns).where("user_id", "=", userId).orderBy("id").execute();

/** The passkeys of an account on a host, as browsers find them. */
export const descriptors = (db: Db, userId: Id, rpId: string) =>
  passkeys(db)
    .select(["credential_id as id", "transports"])
    .where("user_id", "=", userId)
    .where("rp_id", "=", rpId)
    .orderBy("id")
    .execute();

/** The number of passkeys that are bound to other hosts. */
export async function countElsewhere(db: Db, rpId: string): Promise<number> {
  const { count } = await passkeys(db)
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("rp_id", "<>", rpId)
    .executeTakeFirstOrThrow();
  return count;
}

export interface CredentialRow extends Pick<PasskeyRow, "id" | "passwordless" | "rpId"> {
  readonly userId: Id;
  /** A COSE key. */
  readonly publicKey: Buffer;
  readonly counter: number;
}
export const byCredential = (db: Db, credentialId: string): Promise<CredentialRow | undefined> =>
  passkeys(db)
    .select([
      "id",
      "user_id as userId",
      "public_key as publicKey",
      "counter",
      "is_passwordless as passwordless",
      "rp_id as rpId",
    ])
    .where("credential_id", "=", credentialId)
    .executeTakeFirst();

/** Adds a passkey; undefined where an account has its credential. */
export const insert = (tx: Tx<Tables>, row: Insertable<Tables["auth.passkeys"]>): Promise<PasskeyRow | undefined> =>
  tx
    .insertInto("auth.passkeys")
    .values(row)
    .onConflict((c) => c.column("credential_id").doNothing())
    .returning(columns)
    .executeTakeFirst();

/**
 * Stores a use. False where the counter of the authenticator has not grown: there are two of it. Synced passkeys have no
 * counter, and say 0.
 */
export async function recordUse(
  tx: Tx<Tables>,
  id: Id,
  { counter, synced, nowMs }: { readonly counter: number; readonly synced: boolean; readonly nowMs: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("auth.passkeys as passkeys")
    .set({ counter: sql`greatest(counter, ${counter}::bigint)`, is_synced: synced, used_at_ms: nowMs })
    .where("id", "=", id)
    .where((e) => e.or([e("counter", "=", 0), e(e.val(counter), "=", 0), e("counter", "<", counter)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export const rename = (tx: Tx<Tables>, userId: Id, id: Id, name: string): Promise<PasskeyRow | undefined> =>
  tx
    .updateTable("auth.passkeys as passkeys")
    .set({ name })
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .returning(columns)
    .executeTakeFirst();

/** Removes a passkey; false where the account has no such one. */
export async function remove(tx: Tx<Tables>, userId: Id, id: Id): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("auth.passkeys as passkeys")
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

export const removeAll = (tx: Tx<Tables>, userId: Id) =>
  tx.deleteFrom("auth.passkeys as passkeys").where("user_id", "=", userId).execute();
