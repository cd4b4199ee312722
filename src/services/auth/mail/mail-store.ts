import { anyOf, type Id, type Language, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

export interface MailRecipient {
  readonly username: string;
  readonly email: string | null;
  readonly emailKey: string | null;
  readonly verifiedAtMs: number | null;
  readonly language: Language | null;
  readonly state: "pending" | "active" | "suspended" | "banned";
}
/** The fields that a mail to an account needs; undefined if the account is deleted. */
export const recipient = (db: Db, userId: Id): Promise<MailRecipient | undefined> =>
  db
    .selectFrom("auth.credentials as credentials")
    .select(["username", "email", "email_key as emailKey", "email_verified_at_ms as verifiedAtMs", "language", "state"])
    .where("user_id", "=", userId)
    .executeTakeFirst();

/** The accounts among these that may get notifications. */
export const recipients = (db: Db, userIds: readonly Id[]) =>
  db
    .selectFrom("auth.credentials as credentials")
    .select(["user_id as userId", "username", "language", "email_verified_at_ms as verifiedAtMs"])
    .where("user_id", "=", anyOf(userIds))
    .where("state", "<>", "pending")
    .execute();

/** The account that has verified this address. */
export const verifiedOwner = (db: Db, emailKey: string) =>
  db
    .selectFrom("auth.credentials as credentials")
    .select(["user_id as userId", "username", "email", "language", "state"])
    .where("email_key", "=", emailKey)
    .where("email_verified_at_ms", "is not", null)
    .executeTakeFirst();

/** Stores the one valid link of an account, in place of earlier ones. */
export const storeVerification = (tx: Tx<Tables>, row: Tables["auth.email_verifications"]) =>
  tx
    .insertInto("auth.email_verifications")
    .values(row)
    .onConflict((c) =>
      c.column("user_id").doUpdateSet({
        token_hash: row.token_hash,
        email_key: row.email_key,
        expires_at_ms: row.expires_at_ms,
      }),
    )
    .execute();

export const takeVerification = (tx: Tx<Tables>, tokenHash: string) =>
  tx
    .deleteFrom("auth.email_verifications as verifications")
    .where("token_hash", "=", tokenHash)
    .returning(["user_id as userId", "email_key as emailKey", "expires_at_ms as expiresAtMs"])
    .executeTakeFirst();

export const forgetVerifications = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.email_verifications as verifications").where("expires_at_ms", "<", beforeMs).execute();

/** Returns false if the account has another address by now, or if another account has verified this one. */
export async function setVerified(tx: Tx<Tables>, userId: Id, emailKey: string, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("auth.credentials as credentials")
    .set({ email_verified_at_ms: nowMs, email_due_at_ms: null })
    .where("user_id", "=", userId)
    .where("email_key", "=", emailKey)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom("auth.credentials as other")
            .select("other.user_id")
            .where("other.email_key", "=", emailKey)
            .where("other.user_id", "<>", userId)
            .where("other.email_verified_at_ms", "is not", null),
        ),
      ),
    )
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** The other accounts that have this address without having verified it. */
export const otherHolders = async (db: Db, userId: Id, emailKey: string): Promise<Id[]> =>
  (
    await db
      .selectFrom("auth.credentials as credentials")
      .select("user_id as userId")
      .where("email_key", "=", emailKey)
      .where("user_id", "<>", userId)
      .where("email_verified_at_ms", "is", null)
      .limit(1_000)
      .execute()
  ).map((row) => row.userId);

/** Users whose address should have been verified by now. */
export const overdue = async (db: Db, nowMs: number): Promise<Id[]> =>
  (
    await db
      .selectFrom("auth.credentials as credentials")
      .select("user_id as userId")
      .where("email_due_at_ms", "<", nowMs)
      .where("email_verified_at_ms", "is", null)
      .where("role", "=", sql.lit("user" as const))
      .orderBy("email_due_at_ms")
      .limit(500)
      .execute()
  ).map((row) => row.userId);

export const setLanguage = (tx: Tx<Tables>, userId: Id, language: Language) =>
  tx
    .updateTable("auth.credentials as credentials")
    .set({ language })
    .where("user_id", "=", userId)
    .where("language", "is distinct from", sql.lit(language))
    .execute();

/** The name and the look of the instance, as its service published them last. */
export const site = (db: Db) =>
  db
    .selectFrom("auth.instance as instance")
    .select(["site_name as name", "site_accent as accent", "site_ink as ink"])
    .executeTakeFirst();

export async function setSite(
  tx: Tx<Tables>,
  { name, accent, ink }: { readonly name: string; readonly accent: string; readonly ink: string },
): Promise<void> {
  await tx.updateTable("auth.instance").set({ site_name: name, site_accent: accent, site_ink: ink }).execute();
}
