import type { Id, Reader, Tx } from "#kernel";
import { type Generated, sql } from "kysely";
import type { ContentHash, Import, Session, StoredFile } from "./contract.ts";
import type { Space } from "./sessions/quota.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** One row per user, locked while space is given out; what is used is always added up from the rows below. */
  "upload.spaces": { user_id: Id; is_closed: Generated<boolean> };
  "upload.files": {
    id: Id;
    user_id: Id;
    key: string;
    sha256: string;
    size_bytes: number;
    name: string;
    mime: string;
    kind: StoredFile["kind"];
    purpose: StoredFile["purpose"];
    folder_id: Id | null;
    conflict: StoredFile["conflict"];
    created_at_ms: number;
    deleted_at_ms: Generated<number | null>;
  };
  /** Stored contents, each once however many files have it. */
  "upload.contents": {
    key: string;
    size_bytes: number;
    md5: string | null;
    sha1: string | null;
    created_at_ms: number;
  };
  "upload.upload_sessions": {
    id: Id;
    user_id: Id;
    name: string;
    state: "open" | "released" | "completed" | "cancelled" | "expired";
    reserved_bytes: number;
    file_id: Generated<Id | null>;
    created_at_ms: number;
    endpoint: Session["endpoint"];
    size_bytes: number | null;
    /** The bytes of its pieces. */
    received_bytes: Generated<number>;
    chunk_bytes: number | null;
    hash_kind: ContentHash["kind"] | null;
    hash: string | null;
    purpose: StoredFile["purpose"];
    folder_id: Id | null;
    conflict: StoredFile["conflict"];
    metadata: string | null;
    is_partial: boolean;
    expires_at_ms: number;
    /** Grows with each lease; what an earlier holder says is refused. */
    fence: Generated<number>;
    writer: Generated<string | null>;
    writer_until: Generated<Date | null>;
    is_wanted: Generated<boolean>;
  };
  /** The durable pieces of what has arrived: by index of the chunk, or in the order of arrival. */
  "upload.upload_pieces": { session_id: Id; position: number; name: string; size_bytes: number; sha256: string | null };
  /** Files that are fetched from an address; what has arrived is in the session. */
  "upload.imports": {
    id: Id;
    user_id: Id;
    url: string;
    given_name: string | null;
    session_id: Id;
    status: Import["status"];
    /** The tag of the version that bytes have arrived of; strong tags alone. */
    etag: Generated<string | null>;
    error_code: Generated<string | null>;
    error_message: Generated<string | null>;
    /** The sizes of imports that are over; before that the session has them. */
    received_bytes: Generated<number>;
    size_bytes: Generated<number | null>;
    file_id: Generated<Id | null>;
    created_at_ms: number;
    ended_at_ms: Generated<number | null>;
  };
  "upload.upload_challenges": {
    session_id: Id;
    nonce: string;
    offsets: number[];
    length: number;
    expires_at_ms: number;
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
  "purpose",
  "folder_id as folderId",
  "conflict",
  "created_at_ms as createdAtMs",
] as const;

/** A file; deleted ones, whose bytes wait for their purge, where `isHiddenToo`. */
export const file = (db: Db, id: Id, isHiddenToo = false) =>
  db
    .selectFrom("upload.files")
    .select(columns)
    .where("id", "=", id)
    .$if(!isHiddenToo, (q) => q.where("deleted_at_ms", "is", null))
    .executeTakeFirst();

/** Inserts a file and the digests of its content; known digests stay. */
export async function addFile(
  tx: Tx<Tables>,
  row: Omit<Tables["upload.files"], "deleted_at_ms">,
  { md5 = null, sha1 = null }: { readonly md5?: string | null; readonly sha1?: string | null },
): Promise<StoredFile> {
  await sql`
    INSERT INTO upload.contents (key, size_bytes, md5, sha1, created_at_ms)
    VALUES (${row.key}, ${row.size_bytes}, ${md5}, ${sha1}, ${row.created_at_ms})
    ON CONFLICT (key) DO UPDATE SET md5 = coalesce(contents.md5, excluded.md5), sha1 = coalesce(contents.sha1, excluded.sha1)
    `.execute(tx);
  return tx.insertInto("upload.files").values(row).returning(columns).executeTakeFirstOrThrow();
}

export async function spaceOf(db: Db, userId: Id): Promise<Space> {
  const { rows } = await sql<Space>`
    SELECT (SELECT coalesce(sum(size_bytes), 0)::bigint FROM upload.files
              WHERE user_id = ${userId} AND deleted_at_ms IS NULL) AS "usedBytes",
           (SELECT coalesce(sum(reserved_bytes), 0)::bigint FROM upload.upload_sessions
              WHERE user_id = ${userId} AND state = 'open') AS "reservedBytes"`.execute(db);
  return rows[0] ?? { usedBytes: 0, reservedBytes: 0 };
}

/** The user's space, locked until the transaction ends; undefined where the account is deleted. */
export async function lockSpace(tx: Tx<Tables>, userId: Id): Promise<Space | undefined> {
  const { is_closed } = await tx
    .insertInto("upload.spaces")
    .values({ user_id: userId })
    .onConflict((c) => c.column("user_id").doUpdateSet({ user_id: userId }))
    .returning("is_closed")
    .executeTakeFirstOrThrow();
  return is_closed ? undefined : spaceOf(tx, userId);
}

export async function closeSpace(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx
    .insertInto("upload.spaces")
    .values({ user_id: userId, is_closed: true })
    .onConflict((c) => c.column("user_id").doUpdateSet({ is_closed: true }))
    .execute();
  await tx.deleteFrom("upload.upload_sessions").where("user_id", "=", userId).execute();
  await tx.deleteFrom("upload.imports").where("user_id", "=", userId).execute();
}

/** Hides files; yields those that were not hidden before. */
export const hide = (tx: Tx<Tables>, by: { readonly id: Id } | { readonly userId: Id }, nowMs: number) =>
  tx
    .updateTable("upload.files")
    .set({ deleted_at_ms: nowMs })
    .where("deleted_at_ms", "is", null)
    .$if("id" in by, (q) => q.where("id", "=", "id" in by ? by.id : 0))
    .$if("userId" in by, (q) => q.where("user_id", "=", "userId" in by ? by.userId : 0))
    .returning("id")
    .execute();

/** Rows of a deleted account stay as long as their bytes, without their names. */
export const forgetNames = (tx: Tx<Tables>, userId: Id) =>
  tx.updateTable("upload.files").set({ name: "" }).where("user_id", "=", userId).execute();

/** A hidden file whose bytes may go. */
export const hiddenFile = (db: Db, id: Id) =>
  db
    .selectFrom("upload.files")
    .select(["key", "sha256"])
    .where("id", "=", id)
    .where("deleted_at_ms", "is not", null)
    .executeTakeFirst();

/** The first hidden files after one. */
export async function hiddenAfter(db: Db, after: Id, limit: number): Promise<Id[]> {
  const rows = await db
    .selectFrom("upload.files")
    .select("id")
    .where("id", ">", after)
    .where("deleted_at_ms", "is not", null)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export const forget = (tx: Tx<Tables>, id: Id) => tx.deleteFrom("upload.files").where("id", "=", id).execute();
