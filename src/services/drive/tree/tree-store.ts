import type { Id, Reader } from "#kernel";
import { sql } from "kysely";
import { type Row, type Tables, byIds, fileRank, rootId } from "../store.ts";

type Db = Reader<Tables>;

/** The folders above, the nearest last, then the entry itself; without a limit of its own, for depth has one. */
export async function ancestry(db: Db, userId: Id, id: Id): Promise<Row[]> {
  const { rows: ancestors } = await sql<{ id: Id }>`
    WITH RECURSIVE up AS (
      SELECT id, parent_id, 1 AS height FROM drive.user_files WHERE user_id = ${userId} AND id = ${id} AND trash_id IS NULL
      UNION ALL
      SELECT f.id, f.parent_id, up.height + 1 FROM drive.user_files f JOIN up ON f.id = up.parent_id
      WHERE f.user_id = ${userId} AND f.trash_id IS NULL AND up.height < 1000)
    SELECT id FROM up ORDER BY height DESC`.execute(db);
  const all = new Map(
    (
      await byIds(
        db,
        userId,
        ancestors.map((row) => row.id),
      )
    ).map((row) => [row.id, row]),
  );
  return ancestors.flatMap((row) => all.get(row.id) ?? []);
}

/** The given entries that can be reached from the root, each with its row and the rows of the folders above it. */
export async function findPlaced(db: Db, userId: Id, ids: readonly Id[]): Promise<{ row: Row; folders: Row[] }[]> {
  const { rows: steps } = await sql<{ start: Id; id: Id; parentId: Id }>`
    WITH RECURSIVE up AS (
      SELECT id AS start, id, parent_id, 1 AS height FROM drive.user_files
      WHERE user_id = ${userId} AND id = ANY(${[...ids]}::bigint[]) AND trash_id IS NULL
      UNION ALL
      SELECT up.start, f.id, f.parent_id, up.height + 1 FROM drive.user_files f JOIN up ON f.id = up.parent_id
      WHERE f.user_id = ${userId} AND f.trash_id IS NULL AND up.height < 1000)
    SELECT start, id, parent_id AS "parentId" FROM up ORDER BY start, height DESC`.execute(db);
  const rows = await byIds(db, userId, [...new Set(steps.map(({ id }) => id))]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...Map.groupBy(steps, ({ start }) => start).values()].flatMap((path) => {
    const all = path.flatMap(({ id }) => byId.get(id) ?? []);
    const row = all.at(-1);
    const isWhole = path[0]?.parentId === rootId && all.length === path.length;
    return row && isWhole ? [{ row, folders: all.slice(0, -1) }] : [];
  });
}

/** The given live entries that are the entry `topId` or lie below it. */
export async function within(db: Db, userId: Id, ids: readonly Id[], topId: Id): Promise<ReadonlySet<Id>> {
  const { rows: inside } = await sql<{ id: Id }>`
    WITH RECURSIVE up AS (
      SELECT id AS start, id, parent_id, 1 AS height FROM drive.user_files
      WHERE user_id = ${userId} AND id = ANY(${[...ids]}::bigint[]) AND trash_id IS NULL
      UNION ALL
      SELECT up.start, f.id, f.parent_id, up.height + 1 FROM drive.user_files f JOIN up ON f.id = up.parent_id
      WHERE f.user_id = ${userId} AND f.trash_id IS NULL AND up.id <> ${topId} AND up.height < 1000)
    SELECT DISTINCT start AS id FROM up WHERE id = ${topId}`.execute(db);
  return new Set(inside.map(({ id }) => id));
}

/** How many levels a live or trashed thing has below and with itself, and of how many entries it is. */
export async function extent(db: Db, userId: Id, row: Row): Promise<{ levels: number; entries: number }> {
  if (row.rank === fileRank) return { levels: 1, entries: 1 };
  const { rows: extents } = await sql<{ levels: number; entries: number }>`
    WITH RECURSIVE down AS (
      SELECT id, 1 AS level FROM drive.user_files WHERE user_id = ${userId} AND id = ${row.id}
      UNION ALL
      SELECT f.id, down.level + 1 FROM drive.user_files f JOIN down ON f.parent_id = down.id
      WHERE f.user_id = ${userId} AND (f.trash_id IS NULL OR f.trash_id = ${row.trashId}::bigint) AND down.level < 1000)
    SELECT max(level)::integer AS levels, count(*)::integer AS entries FROM down`.execute(db);
  return extents[0] ?? { levels: 1, entries: 1 };
}

/**
 * True if neither the entry nor a folder above it is in the trash: entries far below a trashed folder may not be marked
 * yet.
 */
export async function isReachable(db: Db, userId: Id, id: Id): Promise<boolean> {
  const { rows: top } = await sql<{ is: boolean }>`
    WITH RECURSIVE up AS (
      SELECT parent_id, 1 AS height FROM drive.user_files WHERE user_id = ${userId} AND id = ${id} AND trash_id IS NULL
      UNION ALL
      SELECT f.parent_id, up.height + 1 FROM drive.user_files f JOIN up ON f.id = up.parent_id
      WHERE f.user_id = ${userId} AND f.trash_id IS NULL AND up.height < 1000)
    SELECT EXISTS (SELECT FROM up WHERE parent_id = ${rootId}) AS is`.execute(db);
  return top[0]?.is === true;
}

/**
 * The entries at and below live entries, folders before their contents, with one row more than `max` if there are more.
 * Each path begins with the name that is given for its topmost entry.
 */
export async function tree(
  db: Db,
  userId: Id,
  top: readonly { readonly id: Id; readonly name: string }[],
  max: number,
): Promise<TreeRow[]> {
  const { rows: all } = await sql<TreeRow>`
    WITH RECURSIVE down AS (
      SELECT f.id, f.parent_id, f.rank, f.file_id, f.key, f.size_bytes, f.changed_at_ms, f.name, f.name_key, t.name AS path, 1 AS level
      FROM unnest(${top.map(({ id }) => id)}::bigint[], ${top.map(({ name }) => name)}::text[]) AS t (id, name)
      JOIN drive.user_files f ON f.user_id = ${userId} AND f.id = t.id AND f.trash_id IS NULL
      UNION ALL
      SELECT f.id, f.parent_id, f.rank, f.file_id, f.key, f.size_bytes, f.changed_at_ms, f.name, f.name_key,
             down.path || '/' || f.name, down.level + 1
      FROM drive.user_files f JOIN down ON f.parent_id = down.id
      WHERE f.user_id = ${userId} AND f.trash_id IS NULL AND down.level < 1000)
    SELECT id, parent_id AS "parentId", rank, file_id AS "fileId", key, size_bytes AS "sizeBytes",
           changed_at_ms AS "changedAtMs", name, name_key AS "nameKey", path, level
    FROM down LIMIT ${max + 1}`.execute(db);
  return all;
}
export interface TreeRow {
  readonly id: Id;
  readonly parentId: Id;
  readonly rank: number;
  readonly fileId: Id | null;
  readonly key: string | null;
  readonly sizeBytes: number;
  readonly changedAtMs: number;
  readonly name: string;
  readonly nameKey: string;
  readonly path: string;
  /** From 1. */
  readonly level: number;
}
