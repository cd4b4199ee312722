import type { Id } from "#kernel";
import { sql } from "kysely";
import type { PoolVideo } from "./pool-video.ts";
import type { Db } from "../store.ts";

/** A row of the local copy; only visible ones are of the pool. */
export interface PoolRow extends PoolVideo {
  readonly isVisible: boolean;
  readonly changedTx: number;
}

const columns = sql`
  video_id AS "videoId", user_id AS "userId", published_at_ms AS "publishedAtMs", duration_ms AS "durationMs",
  category_id AS "categoryId", hot_score AS "hotScore", impression_count AS "impressionCount", is_visible AS "isVisible",
  changed_tx AS "changedTx",
  CASE WHEN is_visible THEN ARRAY(SELECT tag FROM recommend.video_tags AS t WHERE t.video_id = c.video_id) ELSE '{}' END AS tags`;

/** Public videos in the order of their ids. */
export async function visibleAfter(db: Db, after: Id, limit: number): Promise<PoolRow[]> {
  const { rows } = await sql<PoolRow>`
    SELECT ${columns} FROM recommend.candidates AS c WHERE is_visible AND video_id > ${after} ORDER BY video_id LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}

/** Videos changed by a transaction or by one after it, as far as they can be seen. */
export async function changedSince(db: Db, fromTx: number): Promise<PoolRow[]> {
  const { rows } = await sql<PoolRow>`
    SELECT ${columns} FROM recommend.candidates AS c WHERE changed_tx >= ${fromTx}`.execute(db);
  return rows;
}
