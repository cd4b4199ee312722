import { anyOf, type Id, type PageInput, pageOf, type Role, type Tx } from "#kernel";
import { sql } from "kysely";
import type { z } from "zod";
import type { AccountState } from "./contract.ts";
import type { Db, Tables } from "./store.ts";

interface Filter {
  readonly q?: string | undefined;
  readonly state?: z.output<typeof AccountState> | undefined;
  readonly role?: Role | undefined;
}

/** Accounts, newest first; `q` is part of a name or an address. */
export const accounts = (db: Db, { q, state, role }: Filter, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("auth.credentials as credentials")
      .select((e) => [
        "user_id as id",
        "username",
        e.fn.coalesce("email", sql<string>`''`).as("email"),
        "role",
        "state",
        "state_until_ms as stateUntilMs",
        "state_reason as stateReason",
        "application",
        "created_at_ms as createdAtMs",
        e
          .selectFrom("auth.sessions as sessions")
          .whereRef("sessions.user_id", "=", "credentials.user_id")
          .select((s) => s.fn.max("used_at_ms").as("used"))
          .as("usedAtMs"),
      ])
      .$if(state !== undefined, (query) => query.where("state", "=", state ?? "active"))
      .$if(role !== undefined, (query) => query.where("role", "=", role ?? "user"))
      .$if(q !== undefined && q !== "", (query) =>
        query.where(sql<boolean>`strpos(lower(username || ' ' || coalesce(email, '')), lower(${q ?? ""})) > 0`),
      ),
    { user_id: "id" },
    page,
  );

/** Locks all administrators, so that two concurrent removals leave one; yields whether there is another than this one. */
export async function hasOtherAdmin(tx: Tx<Tables>, userId: Id): Promise<boolean> {
  const admins = await tx
    .selectFrom("auth.credentials as credentials")
    .select("user_id as id")
    .where("role", "=", "admin")
    .where("state", "=", "active")
    .orderBy("user_id")
    .forUpdate()
    .execute();
  return admins.some(({ id }) => id !== userId);
}

/** The account, locked until the transaction ends; undefined where there is none. */
export const lockAccount = (tx: Tx<Tables>, userId: Id) =>
  tx
    .selectFrom("auth.credentials as credentials")
    .select([
      "user_id as userId",
      "username",
      "nickname",
      "email",
      "email_key as emailKey",
      "email_verified_at_ms as emailVerifiedAtMs",
      "phone",
      "role",
      "state",
      "state_until_ms as stateUntilMs",
      "state_reason as stateReason",
    ])
    .where("user_id", "=", userId)
    .forUpdate()
    .executeTakeFirst();

export const setRole = (tx: Tx<Tables>, userId: Id, role: Role) =>
  tx.updateTable("auth.credentials as credentials").set({ role }).where("user_id", "=", userId).execute();

export const setState = (
  tx: Tx<Tables>,
  userId: Id,
  state: z.output<typeof AccountState>,
  { untilMs = null, reason = "" }: { readonly untilMs?: number | null; readonly reason?: string } = {},
) =>
  tx
    .updateTable("auth.credentials as credentials")
    .set({ state, state_until_ms: untilMs, state_reason: reason })
    .where("user_id", "=", userId)
    .execute();

export interface PasswordRow {
  readonly username: string;
  readonly nameKey: string;
  /** Null for an account without a password. */
  readonly passwordHash: string | null;
}
export const passwordOf = (db: Db, userId: Id): Promise<PasswordRow | undefined> =>
  db
    .selectFrom("auth.credentials as credentials")
    .select(["username", "name_key as nameKey", "password_hash as passwordHash"])
    .where("user_id", "=", userId)
    .executeTakeFirst();

/** As {@link lockAccount}; undefined also where the password has another hash by now. */
export const lockConfirmed = (tx: Tx<Tables>, userId: Id, passwordHash: string | null) =>
  tx
    .selectFrom("auth.credentials as credentials")
    .select("role")
    .where("user_id", "=", userId)
    .where("password_hash", passwordHash === null ? "is" : "=", passwordHash)
    .forUpdate()
    .executeTakeFirst();

/** Sets the password, and removes what was made with the one before: reset links, and sign-ins that wait for a second step. */
export async function setPassword(
  tx: Tx<Tables>,
  userId: Id,
  password_hash: string,
  password_changed_at_ms: number,
): Promise<void> {
  await tx
    .updateTable("auth.credentials as credentials")
    .set({ password_hash, password_changed_at_ms })
    .where("user_id", "=", userId)
    .execute();
  await removeResets(tx, userId);
  await tx.deleteFrom("auth.sign_in_tickets as tickets").where("user_id", "=", userId).execute();
}

/** When the password was last changed; null for the first one. */
export const passwordChange = async (db: Db, userId: Id): Promise<number | null> =>
  (
    await db
      .selectFrom("auth.credentials as credentials")
      .select("password_changed_at_ms as atMs")
      .where("user_id", "=", userId)
      .executeTakeFirst()
  )?.atMs ?? null;

export const removeResets = (tx: Tx<Tables>, userId: Id) =>
  tx.deleteFrom("auth.resets as resets").where("user_id", "=", userId).execute();

/** Stores a new link; earlier links of the account stop working. */
export async function insertReset(tx: Tx<Tables>, row: Tables["auth.resets"]): Promise<void> {
  await removeResets(tx, row.user_id);
  await tx.insertInto("auth.resets").values(row).execute();
}

/** Removes a link and yields its account and expiry. */
export const takeReset = (tx: Tx<Tables>, tokenHash: string) =>
  tx
    .deleteFrom("auth.resets as resets")
    .where("token_hash", "=", tokenHash)
    .returning(["user_id as userId", "expires_at_ms as expiresAtMs"])
    .executeTakeFirst();
export const readReset = (db: Db, tokenHash: string) =>
  db
    .selectFrom("auth.resets as resets")
    .innerJoin("auth.credentials as credentials", "credentials.user_id", "resets.user_id")
    .select(["username", "expires_at_ms as expiresAtMs"])
    .where("token_hash", "=", tokenHash)
    .executeTakeFirst();
export const forgetResets = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.resets as resets").where("expires_at_ms", "<", beforeMs).execute();

export const openSessions = (db: Db, userId: Id, nowMs: number) =>
  db
    .selectFrom("auth.sessions as sessions")
    .select([
      "id",
      "origin",
      "agent",
      "methods",
      "is_new_device as isNewDevice",
      "created_at_ms as createdAtMs",
      "used_at_ms as usedAtMs",
      "expires_at_ms as expiresAtMs",
    ])
    .where("user_id", "=", userId)
    .where("origin", "<>", "personal")
    .where("token_id", "is", null)
    .where("ended_at_ms", "is", null)
    .where("expires_at_ms", ">", nowMs)
    .orderBy("used_at_ms", "desc")
    .orderBy("id")
    .limit(200)
    .execute();

interface EndedSessions {
  readonly only?: string | undefined;
  readonly but?: string | undefined;
  readonly tokensToo?: boolean;
}

/**
 * Ends the sessions of a user, one of them or all but one; yields how many were open. Personal tokens and the sessions
 * that they opened stay, save for all of them.
 */
export async function endSessions(
  tx: Tx<Tables>,
  userId: Id,
  nowMs: number,
  { only, but, tokensToo = false }: EndedSessions = {},
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("auth.sessions as sessions")
    .set({ ended_at_ms: nowMs })
    .where("user_id", "=", userId)
    .where("ended_at_ms", "is", null)
    .where("expires_at_ms", ">", nowMs)
    .$if(!tokensToo, (q) => q.where("origin", "<>", "personal").where("token_id", "is", null))
    .$if(only !== undefined, (q) => q.where("id", "=", only ?? ""))
    .$if(but !== undefined, (q) => q.where("id", "<>", but ?? ""))
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Removes accounts with their sessions and stores their deletions; yields the ids that existed. */
export async function removeAccounts(tx: Tx<Tables>, userIds: readonly Id[], nowMs: number): Promise<Id[]> {
  const removed = await tx
    .deleteFrom("auth.credentials as credentials")
    .where("user_id", "=", anyOf(userIds))
    .returning("user_id as userId")
    .execute();
  if (removed.length > 0)
    await tx
      .insertInto("auth.deletions")
      .values(removed.map(({ userId }) => ({ user_id: userId, begun_at_ms: nowMs })))
      .execute();
  return removed.map(({ userId }) => userId);
}

/** Stores a receipt, and the end of the deletion once none of `services` is missing. */
export async function addReceipt(
  tx: Tx<Tables>,
  { user_id, service, at_ms }: Tables["auth.deletion_receipts"],
  services: readonly string[],
): Promise<void> {
  // The lock lets the later of two concurrent receipts see the other.
  const deletion = await tx
    .selectFrom("auth.deletions")
    .select("user_id")
    .where("user_id", "=", user_id)
    .forUpdate()
    .execute();
  if (deletion.length === 0) return;
  await tx
    .insertInto("auth.deletion_receipts")
    .values({ user_id, service, at_ms })
    .onConflict((c) => c.doNothing())
    .execute();
  const receipts = await tx
    .selectFrom("auth.deletion_receipts")
    .select("service")
    .where("user_id", "=", user_id)
    .execute();
  const isComplete = services.every((name) => receipts.some(({ service }) => service === name));
  if (isComplete)
    await tx
      .updateTable("auth.deletions")
      .set({ ended_at_ms: at_ms })
      .where("user_id", "=", user_id)
      .where("ended_at_ms", "is", null)
      .execute();
}

export async function deletions(db: Db, page: PageInput) {
  const rows = await pageOf(
    db,
    db
      .selectFrom("auth.deletions")
      .select(["user_id as userId", "begun_at_ms as begunAtMs", "ended_at_ms as endedAtMs"]),
    { begun_at_ms: "begunAtMs", user_id: "userId" },
    page,
  );
  const receipts = await db
    .selectFrom("auth.deletion_receipts")
    .select(["user_id as userId", "service", "at_ms as atMs"])
    .where("user_id", "=", anyOf(rows.items.map(({ userId }) => userId)))
    .orderBy("at_ms")
    .orderBy("service")
    .execute();
  return { ...rows, receipts };
}
export const forgetDeletions = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.deletions").where("ended_at_ms", "<", beforeMs).execute();
