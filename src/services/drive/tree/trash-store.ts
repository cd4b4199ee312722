import { anyOf, type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";
import { type NewRow, type Row, type Tables, count, live, nextVersion, rows } from "../store.ts";

type Db = Reader<Tables>;
type Change = Tx<Tables>;

export const listTrashed = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    rows(db, userId).whereRef("trash_id", "=", "id").where("is_purged", "=", false),
    { trashed_at_ms: "trashedAtMs", id: "id" },
    page,
  );

/** Rows that went to the trash, came back or were deleted, as other services follow them. */
type Changed = Pick<Row, "id" | "version" | "name" | "kind" | "trashId">;
const changed = sql`id, version, name, kind, trash_id AS "trashId"`;

/**
 * Puts a live entry into the trash with all live entries below it; returns these. With more than `max` entries it is
 * not whole: the entry alone is in the trash, and {@link trashChildren} adds the rest.
 */
export async function trashSubtree(
  tx: Change,
  userId: Id,
  id: Id,
  nowMs: number,
  max: number,
): Promise<{ trashed: Changed[]; isWhole: boolean }> {
  const { rows: trashedRows } = await sql<Changed>`
    WITH RECURSIVE down AS (
      SELECT id FROM drive.user_files WHERE user_id = ${userId} AND id = ${id} AND trash_id IS NULL
      UNION ALL
      SELECT f.id FROM drive.user_files f JOIN down ON f.parent_id = down.id WHERE f.user_id = ${userId} AND f.trash_id IS NULL),
    those AS (SELECT id FROM down LIMIT ${max + 1})
    UPDATE drive.user_files SET trash_id = ${id}, trashed_at_ms = ${nowMs}, version = version + 1
    WHERE user_id = ${userId} AND id IN (SELECT id FROM those) AND (id = ${id} OR (SELECT count(*) FROM those) <= ${max})
    RETURNING ${changed}`.execute(tx);
  return { trashed: trashedRows, isWhole: trashedRows.length !== 1 || !(await hasBelow(tx, userId, id)) };
}

async function hasBelow(tx: Change, userId: Id, id: Id): Promise<boolean> {
  const row = await live(tx, userId).where("parent_id", "=", id).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Puts up to `limit` live children of trashed folders of this entry into the trash; yields these. */
export async function trashChildren(
  tx: Change,
  userId: Id,
  id: Id,
  trashedAtMs: number,
  limit: number,
): Promise<Changed[]> {
  const { rows: children } = await sql<Changed>`
    UPDATE drive.user_files SET trash_id = ${id}, trashed_at_ms = ${trashedAtMs}, version = version + 1
    WHERE user_id = ${userId} AND id IN (
      SELECT c.id FROM drive.user_files p JOIN drive.user_files c ON c.user_id = p.user_id AND c.parent_id = p.id AND c.trash_id IS NULL
      WHERE p.user_id = ${userId} AND p.trash_id = ${id} AND p.rank = 0 LIMIT ${limit})
    RETURNING ${changed}`.execute(tx);
  return children;
}

/** Restores an entry from the trash, under this name and into this folder. */
export const restoreEntry = (
  tx: Change,
  userId: Id,
  id: Id,
  to: Pick<NewRow, "parent_id" | "name" | "name_key" | "grams">,
) =>
  tx
    .updateTable("drive.user_files")
    .set({ ...to, trash_id: null, trashed_at_ms: null, version: nextVersion })
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .returning(["id", "version", "name", "kind", "trash_id as trashId"])
    .executeTakeFirstOrThrow();

/**
 * Restores up to `limit` entries that went to the trash with this restored one; yields these, and where there were none,
 * one whose name was taken meanwhile.
 */
export async function restoreDescendants(
  tx: Change,
  userId: Id,
  id: Id,
  limit: number,
): Promise<{ restored: Changed[]; clash: Row | undefined }> {
  const { rows: restored } = await sql<Changed>`
    UPDATE drive.user_files SET trash_id = NULL, trashed_at_ms = NULL, version = version + 1
    WHERE user_id = ${userId} AND id IN (
      SELECT f.id FROM drive.user_files f WHERE f.user_id = ${userId} AND f.trash_id = ${id} AND f.id <> ${id} AND NOT EXISTS (
        SELECT FROM drive.user_files o WHERE o.user_id = f.user_id AND o.parent_id = f.parent_id AND o.name_key = f.name_key
          AND o.trash_id IS NULL)
      LIMIT ${limit})
    RETURNING ${changed}`.execute(tx);
  if (restored.length > 0) return { restored, clash: undefined };
  const clash = await rows(tx, userId).where("trash_id", "=", id).where("id", "<>", id).limit(1).executeTakeFirst();
  return { restored, clash };
}

/** An entry in any state. */
export const anyById = (db: Db, userId: Id, id: Id) => rows(db, userId).where("id", "=", id).executeTakeFirst();

/** A trashed entry that is marked for purge. */
export const nextToPurge = (db: Db, userId: Id) =>
  rows(db, userId).where("is_purged", "=", true).orderBy("id").limit(1).executeTakeFirst();

/** Marks trashed entries of a user for purge: these, or those trashed before a time; yields how many. */
export async function markForPurge(
  tx: Change,
  userId: Id,
  by: { readonly ids: readonly Id[] } | { readonly trashedBeforeMs: number },
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("drive.user_files")
    .set({ is_purged: true })
    .where("user_id", "=", userId)
    .whereRef("trash_id", "=", "id")
    .where("is_purged", "=", false)
    .$if("ids" in by, (q) => q.where("id", "=", anyOf("ids" in by ? by.ids : [])))
    .$if("trashedBeforeMs" in by, (q) =>
      q.where("trashed_at_ms", "<", "trashedBeforeMs" in by ? by.trashedBeforeMs : 0),
    )
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Users with entries that were trashed before this. */
export const expiring = async (db: Db, beforeMs: number, limit: number): Promise<Id[]> => {
  const { rows: users } = await sql<{ userId: Id }>`
    SELECT DISTINCT user_id AS "userId" FROM (
      SELECT user_id FROM drive.user_files WHERE trash_id = id AND NOT is_purged AND trashed_at_ms < ${beforeMs}
      ORDER BY trashed_at_ms LIMIT ${limit}) AS due ORDER BY 1`.execute(db);
  return users.map(({ userId }) => userId);
};

type Deleted = Pick<Row, "id" | "version" | "kind" | "fileId">;
const deletedColumns = sql`id, version, kind, file_id AS "fileId"`;

/**
 * Deletes up to `limit` entries marked for purge with their share links, descendants first; yields these, none where all
 * are deleted.
 */
export async function purge(tx: Change, userId: Id, limit: number, nowMs: number): Promise<Deleted[]> {
  const { rows: deleted } = await sql<Deleted>`
    WITH doomed AS (SELECT id FROM drive.user_files WHERE user_id = ${userId} AND is_purged ORDER BY id LIMIT ${limit}),
         below AS (SELECT f.id FROM drive.user_files f JOIN doomed ON f.trash_id = doomed.id
                   WHERE f.user_id = ${userId} AND f.id <> f.trash_id LIMIT ${limit}),
         due AS (SELECT id FROM below UNION ALL SELECT id FROM doomed WHERE NOT EXISTS (SELECT FROM below) LIMIT ${limit})
    DELETE FROM drive.user_files WHERE user_id = ${userId} AND id IN (SELECT id FROM due)
    RETURNING ${deletedColumns}`.execute(tx);
  await deleteTraces(tx, userId, deleted, nowMs);
  return deleted;
}

/** As {@link purge}, of everything a deleted account had. */
export async function purgeAll(tx: Change, userId: Id, limit: number, nowMs: number): Promise<Deleted[]> {
  const { rows: deleted } = await sql<Deleted>`
    DELETE FROM drive.user_files WHERE user_id = ${userId} AND id IN (
      SELECT id FROM drive.user_files WHERE user_id = ${userId} LIMIT ${limit})
    RETURNING ${deletedColumns}`.execute(tx);
  await deleteTraces(tx, userId, deleted, nowMs);
  return deleted;
}

async function deleteTraces(tx: Change, userId: Id, deleted: readonly Deleted[], nowMs: number): Promise<void> {
  if (deleted.length === 0) return;
  await count(tx, userId, -deleted.length);
  const ids = deleted.map(({ id }) => id);
  await tx.deleteFrom("drive.shares").where("user_id", "=", userId).where("entry_id", "=", anyOf(ids)).execute();
  await insertReleased(tx, fileIdsOf(deleted), nowMs);
}

/** The stored files of deleted entries. Pure. */
export const fileIdsOf = (deleted: readonly Pick<Row, "fileId">[]): Id[] =>
  deleted.flatMap(({ fileId }) => fileId ?? []);

/** Records that these files are released. */
export async function insertReleased(tx: Change, fileIds: readonly Id[], nowMs: number): Promise<void> {
  if (fileIds.length === 0) return;
  await tx
    .insertInto("drive.released_files")
    .values(fileIds.map((file_id) => ({ file_id, released_at_ms: nowMs })))
    .onConflict((c) => c.doNothing())
    .execute();
}

export async function isReleased(db: Db, fileId: Id): Promise<boolean> {
  const row = await db
    .selectFrom("drive.released_files")
    .select("file_id")
    .where("file_id", "=", fileId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes the entry of one file. */
export async function deleteFile(tx: Change, userId: Id, id: Id): Promise<void> {
  await tx.deleteFrom("drive.user_files").where("user_id", "=", userId).where("id", "=", id).execute();
  await tx.deleteFrom("drive.shares").where("user_id", "=", userId).where("entry_id", "=", id).execute();
  await count(tx, userId, -1);
}
