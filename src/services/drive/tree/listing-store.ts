import { type Id, type PageInput, pageOf, type Reader } from "#kernel";
import { readMixedCursor, writeCursor } from "#kernel/cursor";
import { rowsByNumberMax } from "#kernel/page";
import { type SelectQueryBuilder, sql } from "kysely";
import type { Entry } from "../contract.ts";
import { type Row, type Tables, byIds, fileRank, folderRank, live } from "../store.ts";

type Db = Reader<Tables>;

type Order = "asc" | "desc";
type Sort = "name" | "date" | "size";
const keys = {
  name: { columns: ["name_key", "id"], of: (row: Row) => [row.nameKey, row.id], kinds: ["text", "number"] },
  date: { columns: ["changed_at_ms", "id"], of: (row: Row) => [row.changedAtMs, row.id], kinds: ["number", "number"] },
  size: {
    columns: ["size_bytes", "name_key", "id"],
    of: (row: Row) => [row.sizeBytes, row.nameKey, row.id],
    kinds: ["number", "text", "number"],
  },
} as const;

/**
 * One page of a folder, folders first in either order. Each rank is a range of the index of its order, read forwards or
 * backwards: a page costs the same wherever it is.
 */
export async function listFolder(
  db: Db,
  userId: Id,
  parentId: Id,
  { sort, order, cursor, skip, limit, count }: PageInput & { readonly sort: Sort; readonly order: Order },
): Promise<{ items: Row[]; next: string | null; total?: number }> {
  const key = keys[sort];
  const last = cursor === undefined ? undefined : readMixedCursor(cursor, ["number", ...key.kinds]);
  const inRank = (rank: number) => live(db, userId).where("parent_id", "=", parentId).where("rank", "=", rank);
  const readRank = (rank: number, offset: number, rowsMax: number) => {
    let query: SelectQueryBuilder<Tables, "drive.user_files", Row> = inRank(rank);
    if (last?.[0] === rank) {
      const values = last
        .slice(1)
        .map((part) => (typeof part === "number" ? sql`${part}::bigint` : sql`${part}::text`));
      const names = sql.join(key.columns.map((column) => sql.ref(column)));
      query = query.where(sql<boolean>`(${names}) ${sql.raw(order === "asc" ? ">" : "<")} (${sql.join(values)})`);
    }
    for (const column of key.columns) query = query.orderBy(column, order);
    return query.offset(offset).limit(rowsMax).execute();
  };
  const rowsOfPage = last?.[0] === fileRank ? [] : await readRank(folderRank, skip, limit + 1);
  if (rowsOfPage.length <= limit) {
    const passed = skip > 0 && rowsOfPage.length === 0 ? await countUpToLimit(db, inRank(folderRank)) : skip;
    rowsOfPage.push(...(await readRank(fileRank, skip - Math.min(skip, passed), limit + 1 - rowsOfPage.length)));
  }
  const items = rowsOfPage.slice(0, limit);
  const end = items.at(-1);
  const next = rowsOfPage.length > limit && end ? writeCursor([end.rank, ...key.of(end)]) : null;
  if (!count) return { items, next };
  return { items, next, total: await countUpToLimit(db, live(db, userId).where("parent_id", "=", parentId)) };
}

/** Counts up to the last row page numbers reach, and one further. */
async function countUpToLimit(db: Db, of: SelectQueryBuilder<Tables, "drive.user_files", Row>): Promise<number> {
  const some = of
    .clearSelect()
    .select(sql<number>`1`.as("one"))
    .limit(rowsByNumberMax + 1);
  const { rows: counted } = await sql<{ total: number }>`SELECT count(*) AS total FROM (${some}) AS few`.execute(db);
  return counted[0]?.total ?? 0;
}

/** At most this many matching names are ranked. */
const candidatesMax = 5_000;

/** Live entries whose key contains the text; whole names first, then those that begin with it, then the latest. */
export async function searchNames(
  db: Db,
  userId: Id,
  { text, grams, limit }: { readonly text: string; readonly grams: readonly number[]; readonly limit: number },
): Promise<Row[]> {
  const { rows: best } = await sql<{ id: Id }>`
    WITH candidates AS MATERIALIZED (
      SELECT id, name_key, changed_at_ms FROM drive.user_files
      WHERE grams @> ${[...grams]}::integer[] AND user_id = ${userId} AND trash_id IS NULL
        AND strpos(name_key, ${text}) > 0
      LIMIT ${candidatesMax})
    SELECT id FROM candidates
    ORDER BY name_key = ${text} DESC, starts_with(name_key, ${text}) DESC, changed_at_ms DESC, id DESC
    LIMIT ${limit}`.execute(db);
  const all = new Map(
    (
      await byIds(
        db,
        userId,
        best.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  );
  return best.flatMap(({ id }) => all.get(id) ?? []);
}

export const recent = (db: Db, userId: Id, page: PageInput) =>
  pageOf(db, live(db, userId).where("rank", "=", fileRank), { uploaded_at_ms: "uploadedAtMs", id: "id" }, page);

export async function usage(db: Db, userId: Id) {
  const { rows: sums } = await sql<{ kind: Entry["kind"]; isTrashed: boolean; entries: number; sizeBytes: number }>`
    SELECT kind, trash_id IS NOT NULL AS "isTrashed", count(*)::integer AS entries, sum(size_bytes)::bigint AS "sizeBytes"
    FROM drive.user_files WHERE user_id = ${userId} GROUP BY kind, trash_id IS NOT NULL ORDER BY kind`.execute(db);
  return sums;
}

/** Entries of all users after an id, the trash included. */
export const entriesAfter = (db: Db, after: Id, limit: number) =>
  db
    .selectFrom("drive.user_files")
    .select(["user_id as userId", "id", "version", "name", "kind", "trash_id as trashId"])
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();

/** Live files, of each content the latest; the latest upload first. */
export async function library(db: Db, userId: Id, limit: number, offset: number): Promise<Row[]> {
  return live(db, userId)
    .where("rank", "=", fileRank)
    .where(
      sql<boolean>`NOT EXISTS (
        SELECT FROM drive.user_files n WHERE n.user_id = user_files.user_id AND n.sha256 = user_files.sha256
          AND n.trash_id IS NULL AND n.rank = 1 AND (n.uploaded_at_ms, n.id) > (user_files.uploaded_at_ms, user_files.id))`,
    )
    .orderBy("uploaded_at_ms", "desc")
    .orderBy("id", "desc")
    .offset(offset)
    .limit(limit)
    .execute();
}
