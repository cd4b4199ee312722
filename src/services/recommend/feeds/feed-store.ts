import type { Id, PageInput } from "#kernel";
import { pageOf } from "#kernel";
import { sql } from "kysely";
import { type Exclusions, isIncluded } from "../exclusions/exclusion-store.ts";
import type { FeedPosition, FeedRow } from "#policy/feed-position";
import { type Db, isVisible } from "../store.ts";

/** A row of a feed; its author says whether the caller follows it. */
export interface Row extends FeedRow {
  readonly userId: Id;
}

/** The public videos behind a position. */
function behind(db: Db, { after, servedIds }: FeedPosition, exclusions: Exclusions) {
  const rows = db
    .selectFrom("recommend.candidates as candidates")
    .select(["video_id as videoId", "user_id as userId", "published_at_ms as publishedAtMs"])
    .where(isVisible)
    .where(isIncluded(exclusions))
    .$if(servedIds.length > 0, (q) => q.where(sql<boolean>`video_id <> ALL(${[...servedIds]}::bigint[])`));
  if (!after) return rows;
  const { publishedAtMs, videoId } = after;
  return rows.where(sql<boolean>`(published_at_ms, video_id) < (${publishedAtMs}::bigint, ${videoId}::bigint)`);
}

export const fresh = (db: Db, position: FeedPosition, exclusions: Exclusions, limit: number): Promise<Row[]> =>
  behind(db, position, exclusions)
    .orderBy("published_at_ms", "desc")
    .orderBy("video_id", "desc")
    .limit(limit)
    .execute();

/** Those of the public videos behind a position that have at least this score, the hottest first. */
export const hot = (
  db: Db,
  position: FeedPosition,
  exclusions: Exclusions,
  { limit, scoreMin }: { readonly limit: number; readonly scoreMin: number },
): Promise<Row[]> =>
  behind(db, position, exclusions)
    .where("hot_score", ">=", scoreMin)
    .orderBy("hot_score", "desc")
    .orderBy("video_id", "desc")
    .limit(limit)
    .execute();

/** All public videos, the hottest first. */
export function hottest(db: Db, exclusions: Exclusions, page: PageInput) {
  const rows = db
    .selectFrom("recommend.candidates as candidates")
    .select(["video_id as videoId", "hot_score as hotScore"])
    .where(isVisible)
    .where(isIncluded(exclusions));
  return pageOf(db, rows, { hot_score: "hotScore", video_id: "videoId" }, page);
}

/** Videos of these authors that their followers may see, the latest first: of each author as many as the page needs. */
export async function latestOf(
  db: Db,
  authorIds: readonly Id[],
  after: FeedRow | undefined,
  exclusions: Exclusions,
  limit: number,
): Promise<FeedRow[]> {
  const behindIt = after
    ? sql`(published_at_ms, video_id) < (${after.publishedAtMs}::bigint, ${after.videoId}::bigint)`
    : sql`true`;
  const { rows } = await sql<FeedRow>`
    SELECT latest."videoId", latest."publishedAtMs" FROM unnest(${[...authorIds]}::bigint[]) AS author (id)
    CROSS JOIN LATERAL (
      SELECT video_id AS "videoId", published_at_ms AS "publishedAtMs" FROM recommend.candidates AS candidates
      WHERE candidates.user_id = author.id AND is_for_followers AND ${behindIt} AND ${isIncluded(exclusions)}
      ORDER BY published_at_ms DESC, video_id DESC LIMIT ${limit}) AS latest
    ORDER BY latest."publishedAtMs" DESC, latest."videoId" DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** These authors, those that published last first, each with the time of the latest video that followers may see. */
export async function latestPublishers(
  db: Db,
  authorIds: readonly Id[],
  exclusions: Exclusions,
  limit: number,
): Promise<{ userId: Id; publishedAtMs: number | null }[]> {
  const { rows } = await sql<{ userId: Id; publishedAtMs: number | null }>`
    SELECT author.id AS "userId", latest.published_at_ms AS "publishedAtMs"
    FROM unnest(${[...authorIds]}::bigint[]) WITH ORDINALITY AS author (id, place)
    LEFT JOIN LATERAL (
      SELECT published_at_ms FROM recommend.candidates AS candidates
      WHERE candidates.user_id = author.id AND is_for_followers AND ${isIncluded(exclusions)}
      ORDER BY published_at_ms DESC, video_id DESC LIMIT 1) AS latest ON true
    ORDER BY latest.published_at_ms DESC NULLS LAST, author.place DESC LIMIT ${limit}`.execute(db);
  return rows;
}
