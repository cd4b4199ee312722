import type { Id, Reader, Tx } from "#kernel";
import { type Generated, sql } from "kysely";
import type { StoredFile } from "./contract.ts";
import type { Space } from "./quota.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** One row per user, locked while space is given out; what is used is always added up from the rows below. */
  spaces: { user_id: Id; is_closed: Generated<boolean> };
  files: {
    id: Id;
    user_id: Id;
    key: string;
    sha256: string;
    size_bytes: number;
    name: string;
    mime: string;
    kind: StoredFile["kind"];
    created_at_ms: number;
    deleted_at_ms: Generated<number | null>;
  };
  upload_sessions: {
    id: Id;
    user_id: Id;
    name: string;
    state: "open" | "released" | "completed";
    reserved_bytes: number;
    file_id: Generated<Id | null>;
    created_at_ms: number;
  };
}
type Db = Reader<Tables>;

const columns = [
  "id",
  "user_id as userId",
  "key",
  "sha256",
  "size_bytes as sizeBytes",
  "name",
  "mime",
  "kind",
  "created_at_ms as createdAtMs",
] as const;

export const file = (db: Db, id: Id) =>
  db.selectFrom("files").select(columns).where("id", "=", id).where("deleted_at_ms", "is", null).executeTakeFirst();

export async function spaceOf(db: Db, userId: Id): Promise<Space> {
  const { rows } = await sql<Space>`
    SELECT (SELECT coalesce(sum(size_bytes), 0)::bigint FROM files
              WHERE user_id = ${userId} AND deleted_at_ms IS NULL) AS "usedBytes",
           (SELECT coalesce(sum(reserved_bytes), 0)::bigint FROM upload_sessions
              WHERE user_id = ${userId} AND state = 'open') AS "reservedBytes"`.execute(db);
  return rows[0] ?? { usedBytes: 0, reservedBytes: 0 };
}

/** The user's space, nobody else gives any of it out before the transaction ends; undefined when the user is gone. */
export async function lockSpace(tx: Tx<Tables>, userId: Id): Promise<Space | undefined> {
  const { is_closed } = await tx
    .insertInto("spaces")
    .values({ user_id: userId })
    .onConflict((c) => c.column("user_id").doUpdateSet({ user_id: userId }))
    .returning("is_closed")
    .executeTakeFirstOrThrow();
  return is_closed ? undefined : spaceOf(tx, userId);
}

export async function closeSpace(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx
    .insertInto("spaces")
    .values({ user_id: userId, is_closed: true })
    .onConflict((c) => c.column("user_id").doUpdateSet({ is_closed: true }))
    .execute();
  await tx.deleteFrom("upload_sessions").where("user_id", "=", userId).execute();
}

export const open = (tx: Tx<Tables>, session: Omit<Tables["upload_sessions"], "state" | "file_id">) =>
  tx
    .insertInto("upload_sessions")
    .values({ ...session, state: "open" })
    .execute();

export const lockSession = (tx: Tx<Tables>, id: Id, userId: Id) =>
  tx
    .selectFrom("upload_sessions")
    .select(["state", "name", "reserved_bytes as reservedBytes", "file_id as fileId"])
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .forUpdate()
    .executeTakeFirst();

export const release = (tx: Tx<Tables>, id: Id, userId: Id) =>
  tx
    .updateTable("upload_sessions")
    .set({ state: "released" })
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .where("state", "=", "open")
    .execute();

/** Makes the file of a session. */
export async function settle(
  tx: Tx<Tables>,
  sessionId: Id,
  row: Omit<Tables["files"], "deleted_at_ms">,
): Promise<StoredFile> {
  const made = await tx.insertInto("files").values(row).returning(columns).executeTakeFirstOrThrow();
  await tx
    .updateTable("upload_sessions")
    .set({ state: "completed", file_id: row.id })
    .where("id", "=", sessionId)
    .execute();
  return made;
}

/** Hides files; yields those that were not hidden before. */
export const hide = (tx: Tx<Tables>, by: { readonly id: Id } | { readonly userId: Id }, nowMs: number) =>
  tx
    .updateTable("files")
    .set({ deleted_at_ms: nowMs })
    .where("deleted_at_ms", "is", null)
    .$if("id" in by, (q) => q.where("id", "=", "id" in by ? by.id : 0))
    .$if("userId" in by, (q) => q.where("user_id", "=", "userId" in by ? by.userId : 0))
    .returning("id")
    .execute();

/** Until the transaction ends nobody else begins or stops to refer to this object. */
export const lockKey = (tx: Tx<Tables>, key: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);

/** A hidden file whose bytes may go. */
export const hidden = (db: Db, id: Id) =>
  db
    .selectFrom("files")
    .select(["key", "sha256"])
    .where("id", "=", id)
    .where("deleted_at_ms", "is not", null)
    .executeTakeFirst();

export const forget = (tx: Tx<Tables>, id: Id) => tx.deleteFrom("files").where("id", "=", id).execute();

/** What must be stored for the files there are, hidden ones that wait for their purge included. */
export const objects = (db: Db) =>
  db.selectFrom("files").select(["id", "key", "size_bytes as sizeBytes"]).orderBy("id").execute();

/** Those of these keys that any file has, hidden ones included. */
export async function referred(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom("files")
    .select("key")
    .distinct()
    .where("key", "=", (e) => e.fn.any(e.val([...keys])))
    .execute();
  return new Set(rows.map(({ key }) => key));
}

export const releaseOld = (tx: Tx<Tables>, beforeMs: number) =>
  tx
    .updateTable("upload_sessions")
    .set({ state: "released" })
    .where("state", "=", "open")
    .where("created_at_ms", "<", beforeMs)
    .execute();

export const forgetSessions = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("upload_sessions").where("state", "!=", "open").where("created_at_ms", "<", beforeMs).execute();
