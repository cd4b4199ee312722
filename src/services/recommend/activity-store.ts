import { anyOf, type Id, type Tx } from "#kernel";
import { currentTx } from "#kernel/db/changes";
import { addScores } from "#policy/hot-score";
import { sql } from "kysely";
import type { Activity, Counted } from "./activity.ts";
import type { Tables } from "./store.ts";

/** The counts of these videos, locked in the order of their ids. A video that is not in the copy yet gets a blank row. */
export async function lockCounts(tx: Tx<Tables>, videoIds: readonly Id[]): Promise<Counted[]> {
  await sql`
    INSERT INTO recommend.candidates (video_id, user_id, published_at_ms, version, is_visible)
    SELECT DISTINCT id, 0, 0, 0, false FROM unnest(${[...videoIds]}::bigint[]) AS one (id) ORDER BY id
    ON CONFLICT DO NOTHING`.execute(tx);
  return tx
    .selectFrom("recommend.candidates as candidates")
    .select(["video_id as videoId", "user_id as userId", "like_count as likeCount", "like_peak as likePeak"])
    .select("newcomers_milli as newcomersMilli")
    .where("video_id", "=", anyOf(videoIds))
    .orderBy("video_id")
    .forUpdate()
    .execute();
}

/** Stores changed counts of videos, which are locked. */
export async function storeActivity(tx: Tx<Tables>, activity: readonly Activity[]): Promise<void> {
  const column = (name: keyof Activity) => sql`${activity.map((counts) => counts[name])}::bigint[]`;
  await sql`
    UPDATE recommend.candidates c SET view_count = c.view_count + a.views, like_count = a.likes, like_peak = a.peak,
      newcomers_milli = a.newcomers, hot_score = ${addScores(sql`c.hot_score`, sql`a.score`)}, changed_tx = ${currentTx}
    FROM unnest(${column("videoId")}, ${column("views")}, ${column("likeCount")}, ${column("likePeak")},
      ${column("newcomersMilli")}, ${column("hotScore")}) AS a (id, views, likes, peak, newcomers, score)
    WHERE c.video_id = a.id`.execute(tx);
}

/** Corrects counts of views; yields the videos whose counts were wrong. */
export async function setViews(
  tx: Tx<Tables>,
  counts: readonly { readonly videoId: Id; readonly playCount: number }[],
): Promise<Id[]> {
  const ids = counts.map(({ videoId }) => videoId);
  const views = counts.map(({ playCount }) => playCount);
  const { rows } = await sql<{ id: Id }>`
    UPDATE recommend.candidates c SET view_count = one.views, changed_tx = ${currentTx}
    FROM unnest(${ids}::bigint[], ${views}::bigint[]) AS one (id, views)
    WHERE c.video_id = one.id AND c.is_visible AND c.view_count <> one.views RETURNING c.video_id AS id`.execute(tx);
  return rows.map(({ id }) => id);
}
