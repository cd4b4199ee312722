import type { Id } from "#kernel";
import { sql } from "kysely";
import type { Db } from "./store.ts";

/** A count that is not the number of its rows. */
export interface Drifted {
  readonly what: string;
  readonly id: Id;
  readonly counted: number;
  readonly rows: number;
}

const counted = [
  { table: "video_counts", id: "video_id", count: "like_count", rows: sql`SELECT video_id AS id FROM likes` },
  { table: "video_counts", id: "video_id", count: "favorite_count", rows: sql`SELECT video_id AS id FROM favorites` },
  {
    table: "video_counts",
    id: "video_id",
    count: "comment_count",
    rows: sql`SELECT video_id AS id FROM comments WHERE NOT is_held`,
  },
  { table: "author_counts", id: "user_id", count: "like_count", rows: sql`SELECT author_id AS id FROM likes` },
  { table: "author_counts", id: "user_id", count: "liked_count", rows: sql`SELECT user_id AS id FROM likes` },
  { table: "author_counts", id: "user_id", count: "favorite_count", rows: sql`SELECT user_id AS id FROM favorites` },
  { table: "comments", id: "id", count: "like_count", rows: sql`SELECT comment_id AS id FROM comment_likes` },
  {
    table: "comments",
    id: "id",
    count: "reply_count",
    rows: sql`SELECT root_id AS id FROM comments WHERE root_id IS NOT NULL AND NOT is_held`,
  },
] as const;

/** Counts that are not the number of their rows. Views and shares are not among them: their rows are kept for a day only. */
export async function drifted(db: Db): Promise<Drifted[]> {
  const found: Drifted[] = [];
  for (const { table, id, count, rows } of counted) {
    const [own, column] = [sql.ref(`c.${id}`), sql.ref(`c.${count}`)];
    const { rows: wrong } = await sql<Omit<Drifted, "what">>`
      WITH found AS (SELECT id, count(*)::integer AS rows FROM (${rows}) AS r GROUP BY id)
      SELECT coalesce(${own}, r.id) AS id, coalesce(${column}, 0) AS counted, coalesce(r.rows, 0) AS rows
      FROM ${sql.table(table)} c FULL JOIN found r ON r.id = ${own}
      WHERE coalesce(${column}, 0) <> coalesce(r.rows, 0) LIMIT 1000`.execute(db);
    found.push(...wrong.map((one) => ({ what: `${table}.${count}`, ...one })));
  }
  return found;
}
