import type { Id, Tx } from "#kernel";
import { currentTx } from "#kernel/db/changes";
import { sql } from "kysely";
import { impressionBudget, newMs } from "../pool/video-pool.ts";
import type { Tables } from "../store.ts";

export type PageRow = Tables["recommend.pages"];
export type ChoicesRow = Pick<PageRow, "candidate_ids" | "candidate_scores" | "authors_before" | "explored_places">;

/** Records pages of feeds. */
export const insert = (tx: Tx<Tables>, pages: readonly PageRow[]) =>
  tx
    .insertInto("recommend.pages")
    .values([...pages])
    .execute();

/** Counts how often feeds served each new video, until it has its due share: further counts are not needed. */
export async function countImpressions(
  tx: Tx<Tables>,
  pages: readonly Pick<PageRow, "video_ids">[],
  nowMs: number,
): Promise<void> {
  const counts = new Map<Id, number>();
  for (const id of pages.flatMap(({ video_ids }) => video_ids)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const ids = [...counts.keys()].toSorted((a, b) => a - b);
  await sql`
    WITH due AS (
      SELECT c.video_id, served.times FROM recommend.candidates AS c
      JOIN unnest(${ids}::bigint[], ${ids.map((id) => counts.get(id) ?? 0)}::integer[]) AS served (id, times) ON id = c.video_id
      WHERE c.impression_count < ${sql.lit(impressionBudget)} AND c.published_at_ms > ${nowMs - newMs} ORDER BY c.video_id FOR UPDATE OF c)
    UPDATE recommend.candidates AS c SET impression_count = least(${sql.lit(impressionBudget)}, c.impression_count + due.times),
      changed_tx = ${currentTx}
    FROM due WHERE c.video_id = due.video_id`.execute(tx);
}

export const deleteBefore = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("recommend.pages").where("served_at_ms", "<", beforeMs).execute();
