import { anyOf, type Id } from "#kernel";
import { sql } from "kysely";
import { type Exclusions, isIncluded } from "../exclusions/exclusion-store.ts";
import { type Db, isVisible } from "../store.ts";

/** So many of the latest videos of a tag count: a common tag says little, and this bounds what it costs. */
const videosPerTagMax = 200;

/** The public videos beside one that have some of these tags, by the rarity of the tags they share. */
export async function tagged(
  db: Db,
  { videoId, tags }: { readonly videoId: Id; readonly tags: readonly string[] },
  exclusions: Exclusions,
  limit: number,
): Promise<{ videoId: Id; rarity: number }[]> {
  if (tags.length === 0) return [];
  const { rows } = await sql<{ videoId: Id; rarity: number }>`
    WITH shared AS MATERIALIZED (
      SELECT one.tag, latest.video_id FROM unnest(${[...tags]}::text[]) AS one (tag)
      CROSS JOIN LATERAL (SELECT video_id FROM recommend.video_tags WHERE video_tags.tag = one.tag
                          ORDER BY video_id DESC LIMIT ${sql.lit(videosPerTagMax)}) AS latest
    ), rarities AS (SELECT tag, 1 / ln((1 + count(*))::float8) AS rarity FROM shared GROUP BY tag)
    SELECT candidates.video_id AS "videoId", sum(rarity) AS rarity
    FROM shared JOIN rarities USING (tag) JOIN recommend.candidates AS candidates ON candidates.video_id = shared.video_id
    WHERE ${isVisible} AND ${isIncluded(exclusions)} AND candidates.video_id <> ${videoId}
    GROUP BY candidates.video_id ORDER BY rarity DESC, candidates.video_id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

const others = (db: Db, videoId: Id, exclusions: Exclusions) =>
  db
    .selectFrom("recommend.candidates as candidates")
    .select(["video_id as videoId", "hot_score as hotScore"])
    .where(isVisible)
    .where(isIncluded(exclusions))
    .where("video_id", "<>", videoId);

/** The latest public videos of an author beside one. */
export const authored = (
  db: Db,
  { videoId, authorId }: { readonly videoId: Id; readonly authorId: Id },
  exclusions: Exclusions,
  limit: number,
) =>
  others(db, videoId, exclusions)
    .where("user_id", "=", authorId)
    .where(sql<boolean>`is_for_followers`)
    .orderBy("published_at_ms", "desc")
    .orderBy("video_id", "desc")
    .limit(limit)
    .execute();

/** Those of these videos that are public. */
export const listable = (db: Db, videoId: Id, videoIds: readonly Id[], exclusions: Exclusions) =>
  others(db, videoId, exclusions).where("video_id", "=", anyOf(videoIds)).execute();

/** The hottest public videos beside one. */
export const hottest = (db: Db, videoId: Id, exclusions: Exclusions, limit: number) =>
  others(db, videoId, exclusions).orderBy("hot_score", "desc").orderBy("video_id", "desc").limit(limit).execute();
