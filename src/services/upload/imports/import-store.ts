import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Import } from "../contract.ts";
import type { Tables } from "../store.ts";

type Db = Reader<Tables>;

export interface ImportRow {
  readonly id: Id;
  readonly userId: Id;
  readonly url: string;
  readonly givenName: string | null;
  readonly sessionId: Id;
  readonly status: "cancelled" | "failed" | "queued" | "running" | "completed";
  readonly etag: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly fileId: Id | null;
  readonly createdAtMs: number;
  readonly name: string;
  readonly sizeBytes: number | null;
  readonly receivedBytes: number;
  readonly purpose: "drive" | "media";
  readonly folderId: Id | null;
  readonly conflict: "replace" | "skip" | "rename";
}
const imports = (db: Db) =>
  db
    .selectFrom("upload.imports as imports")
    .leftJoin("upload.upload_sessions as upload_sessions", "upload_sessions.id", "imports.session_id")
    .select([
      "imports.id",
      "imports.user_id as userId",
      "url",
      "given_name as givenName",
      "session_id as sessionId",
      "status",
      "etag",
      "error_code as errorCode",
      "error_message as errorMessage",
      "imports.file_id as fileId",
      "imports.created_at_ms as createdAtMs",
      (e) => e.fn.coalesce("upload_sessions.name", e.val("")).as("name"),
      (e) => e.fn.coalesce("imports.size_bytes", "upload_sessions.size_bytes").as("sizeBytes"),
      sql<number>`greatest(imports.received_bytes, coalesce(upload_sessions.received_bytes, 0))`.as("receivedBytes"),
      (e) => e.fn.coalesce("purpose", e.val("media" as const)).as("purpose"),
      "folder_id as folderId",
      (e) => e.fn.coalesce("conflict", e.val("rename" as const)).as("conflict"),
    ]);

export const importOf = (db: Db, id: Id) => imports(db).where("imports.id", "=", id).executeTakeFirst();

export const importsOf = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    imports(db).where("imports.user_id", "=", userId),
    { "imports.created_at_ms": "createdAtMs", "imports.id": "id" },
    page,
  );

export const addImport = (
  tx: Tx<Tables>,
  row: Pick<Tables["upload.imports"], "id" | "user_id" | "url" | "given_name" | "session_id" | "created_at_ms">,
) =>
  tx
    .insertInto("upload.imports")
    .values({ ...row, status: "queued" })
    .execute();

/** How many imports of a person wait or run, this one left out. */
export async function importsUnderWay(db: Db, userId: Id, status: "queued" | "running", but: Id): Promise<number> {
  const rows = await db
    .selectFrom("upload.imports as imports")
    .select("id")
    .where("user_id", "=", userId)
    .where("status", "=", status)
    .where("id", "!=", but)
    .execute();
  return rows.length;
}

/** How many of a person's imports were given up since then. */
export async function cancelledImports(db: Db, userId: Id, sinceMs: number): Promise<number> {
  const rows = await db
    .selectFrom("upload.imports as imports")
    .select("id")
    .where("user_id", "=", userId)
    .where("status", "=", "cancelled")
    .where("ended_at_ms", ">", sinceMs)
    .execute();
  return rows.length;
}

interface ImportChange {
  readonly status?: Import["status"];
  readonly session_id?: Id;
  readonly etag?: string | null;
  readonly error_code?: string | null;
  readonly error_message?: string | null;
  readonly received_bytes?: number;
  readonly size_bytes?: number | null;
  readonly file_id?: Id | null;
  readonly ended_at_ms?: number;
}
/** True if the import was not over yet. */
export async function setImport(tx: Tx<Tables>, id: Id, change: ImportChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("upload.imports as imports")
    .set(change)
    .where("id", "=", id)
    .where("status", "in", ["queued", "running"])
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export const forgetImports = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("upload.imports as imports").where("ended_at_ms", "<", beforeMs).execute();
