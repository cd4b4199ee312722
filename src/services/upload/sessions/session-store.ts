import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";
import type { ContentHash, Session } from "../contract.ts";
import type { Tables } from "../store.ts";

type Db = Reader<Tables>;

export const sessionColumns = [
  "id",
  "user_id as userId",
  "name",
  "state",
  "reserved_bytes as reservedBytes",
  "file_id as fileId",
  "created_at_ms as createdAtMs",
  "endpoint",
  "size_bytes as sizeBytes",
  "received_bytes as receivedBytes",
  "chunk_bytes as chunkBytes",
  "hash_kind as hashKind",
  "hash",
  "purpose",
  "folder_id as folderId",
  "conflict",
  "metadata",
  "is_partial as isPartial",
  "expires_at_ms as expiresAtMs",
  "fence",
  "writer",
] as const;

/** By the database's clock: nobody's own decides who may write (reliability D7). */
export const isLeased = sql<boolean>`coalesce(writer_until > clock_timestamp(), false)`.as("isLeased");

/** A session with how much of it has arrived and whether its writer's lease runs. */
export interface SessionRow {
  readonly id: Id;
  readonly userId: Id;
  readonly name: string;
  readonly state: "expired" | "cancelled" | "open" | "completed" | "released";
  readonly reservedBytes: number;
  readonly fileId: Id | null;
  readonly createdAtMs: number;
  readonly endpoint: "live" | "form" | "native" | "tus" | "resumable" | "cloudfiles" | "import";
  readonly sizeBytes: number | null;
  readonly receivedBytes: number;
  readonly chunkBytes: number | null;
  readonly hashKind: "sha256" | "md5" | "sha1" | null;
  readonly hash: string | null;
  readonly purpose: "drive" | "media";
  readonly folderId: Id | null;
  readonly conflict: "replace" | "skip" | "rename";
  readonly metadata: string | null;
  readonly isPartial: boolean;
  readonly expiresAtMs: number;
  readonly fence: number;
  readonly writer: string | null;
  readonly isLeased: boolean;
}
const sessions = (db: Db) => db.selectFrom("upload.upload_sessions").select([...sessionColumns, isLeased]);

export const session = (db: Db, id: Id, userId: Id) =>
  sessions(db).where("id", "=", id).where("user_id", "=", userId).executeTakeFirst();

/** Nobody else changes it or its pieces before the transaction ends. */
export const lockSession = (tx: Tx<Tables>, id: Id, userId: Id) =>
  sessions(tx).where("id", "=", id).where("user_id", "=", userId).forUpdate().executeTakeFirst();

/** The sizes of a session and of its chunks, which never change. */
export const boundsOf = (db: Db, id: Id, userId: Id) =>
  db
    .selectFrom("upload.upload_sessions")
    .select(["size_bytes as sizeBytes", "chunk_bytes as chunkBytes"])
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .executeTakeFirst();

/** The latest session of an upload API for this content, in any state. */
export const sessionByHash = (db: Db, userId: Id, endpoint: Session["endpoint"], { kind, hex }: ContentHash) =>
  sessions(db)
    .where("user_id", "=", userId)
    .where("hash", "=", hex)
    .where("hash_kind", "=", kind)
    .where("endpoint", "=", endpoint)
    .orderBy("created_at_ms", "desc")
    .orderBy("id", "desc")
    .executeTakeFirst();

/** The latest session that can be resumed. */
export const openByHash = (db: Db, userId: Id, endpoint: Session["endpoint"], { kind, hex }: ContentHash) =>
  sessions(db)
    .where("user_id", "=", userId)
    .where("hash", "=", hex)
    .where("hash_kind", "=", kind)
    .where("endpoint", "=", endpoint)
    .where("state", "=", "open")
    .orderBy("created_at_ms", "desc")
    .orderBy("id", "desc")
    .limit(20)
    .execute();

/** Open uploads of a user; imports have their own limit. */
export async function openCount(db: Db, userId: Id): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    SELECT count(*)::integer AS open FROM upload.upload_sessions
    WHERE user_id = ${userId} AND state = 'open' AND endpoint <> 'import'`.execute(db);
  return rows[0]?.open ?? 0;
}

/** Uploads that can go on: whole forms cannot, and imports go on by themselves. */
export const listUnfinished = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    sessions(db)
      .where("user_id", "=", userId)
      .where("state", "=", "open")
      .where("endpoint", "not in", ["form", "import"]),
    { created_at_ms: "createdAtMs", id: "id" },
    page,
  );

export const openSession = (
  tx: Tx<Tables>,
  row: Omit<
    Tables["upload.upload_sessions"],
    "state" | "file_id" | "received_bytes" | "fence" | "writer" | "writer_until" | "is_wanted"
  >,
) =>
  tx
    .insertInto("upload.upload_sessions")
    .values({ ...row, state: "open" })
    .execute();

type Amounts = Partial<
  Pick<Tables["upload.upload_sessions"], "reserved_bytes" | "size_bytes" | "expires_at_ms"> & { received_bytes: number }
>;
export const setAmounts = (tx: Tx<Tables>, id: Id, amounts: Amounts) =>
  tx.updateTable("upload.upload_sessions").set(amounts).where("id", "=", id).execute();

export const endSession = (
  tx: Tx<Tables>,
  id: Id,
  state: Tables["upload.upload_sessions"]["state"],
  fileId: Id | null = null,
) =>
  tx
    .updateTable("upload.upload_sessions")
    .set({ state, file_id: fileId, writer: null, writer_until: null })
    .where("id", "=", id)
    .execute();

export const release = (tx: Tx<Tables>, id: Id, userId: Id) =>
  tx
    .updateTable("upload.upload_sessions")
    .set({ state: "released" })
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .where("state", "=", "open")
    .execute();

/** Sessions whose time is over and that nobody writes to; forms give their space back and may still end well. */
export const overdue = (tx: Tx<Tables>, nowMs: number) =>
  tx
    .updateTable("upload.upload_sessions")
    .set((e) => ({
      state: e
        .case()
        .when("endpoint", "=", "form")
        .then("released" as const)
        .else("expired" as const)
        .end(),
      writer: null,
      writer_until: null,
    }))
    .where("state", "=", "open")
    .where("expires_at_ms", "<=", nowMs)
    .where(sql<boolean>`coalesce(writer_until < clock_timestamp(), true)`)
    .returning(["id", "state"])
    .execute();

export const forgetSessions = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("upload.upload_sessions").where("state", "!=", "open").where("expires_at_ms", "<", beforeMs).execute();
