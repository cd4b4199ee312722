import { anyOf, type Db as Database, type Id, listsOf, type Reader, type Tx } from "#kernel";
import { noScore, subtractScore, hotScoreOf, addScores } from "#policy/hot-score";
import { type Expression, type Generated, sql } from "kysely";
import { coversMax } from "./contract.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  "hashtag.hashtags": {
    id: Id;
    /** The same for all spellings of one name. */
    key: string;
    name: string;
    description: Generated<string>;
    /** How many rows `video_hashtags` has of it. */
    video_count: Generated<number>;
    /** The sum of the views of those videos. */
    view_count: Generated<number>;
    /** The sum of their hot scores (`#policy/hot-score`). */
    hot_score: Generated<number>;
    created_at_ms: number;
  };
  /** The hashtags of public videos; hot score and time are copied from `video_copies`, to list by. */
  "hashtag.video_hashtags": { hashtag_id: Id; video_id: Id; hot_score: number; published_at_ms: number };
  /** A local copy of all videos; a deleted one has the highest version there is. */
  "hashtag.video_copies": {
    video_id: Id;
    version: number;
    published_at_ms: number | null;
    view_count: Generated<number>;
    hot_score: Generated<number>;
  };
}
type Db = Reader<Tables>;
export interface NewHashtag {
  readonly id: Id;
  readonly key: string;
  readonly name: string;
  readonly description?: string;
  readonly created_at_ms: number;
}

/** A video weighs as much as this many views. */
const videoWeight = 4;
/** At most this many hashtags are hot. */
const hotMax = 10;
export const deletedVersion = 2_147_483_647;

const columns = [
  "id",
  "name",
  "description",
  "view_count as viewCount",
  "video_count as videoCount",
  "hot_score as hotScore",
  "created_at_ms as createdAtMs",
] as const;

const rows = (db: Db) =>
  db.selectFrom("hashtag.hashtags as hashtags").select([
    ...columns,
    sql<boolean>`(video_count > 0 AND hot_score >= coalesce((SELECT hot_score FROM hashtag.hashtags WHERE video_count > 0
      ORDER BY hot_score DESC, id DESC OFFSET ${sql.lit(hotMax - 1)} LIMIT 1), hot_score))`.as("isAmongHottest"),
  ]);

export interface Row {
  readonly id: Id;
  readonly name: string;
  readonly description: string;
  readonly viewCount: number;
  readonly videoCount: number;
  readonly hotScore: number;
  readonly createdAtMs: number;
  readonly isAmongHottest: boolean;
}
export const byId = (db: Db, id: Id): Promise<Row | undefined> => rows(db).where("id", "=", id).executeTakeFirst();
export const byKey = (db: Db, key: string) => rows(db).where("key", "=", key).executeTakeFirst();
export const byIds = (db: Db, ids: readonly Id[]) => rows(db).where("id", "=", anyOf(ids)).execute();
const hottestFirst = (db: Db, limit: number) =>
  rows(db).where("video_count", ">", 0).orderBy("hot_score", "desc").orderBy("id", "desc").limit(limit);
export const hottest = (db: Db, limit: number) => hottestFirst(db, limit).execute();
/** The hottest hashtags, each with its hottest videos. */
export const trending = (db: Db, limit: number) =>
  hottestFirst(db, limit)
    .select(
      sql<Id[]>`ARRAY(SELECT video_id FROM hashtag.video_hashtags WHERE hashtag_id = hashtags.id
        ORDER BY hot_score DESC, video_id DESC LIMIT ${sql.lit(coversMax)})`.as("videoIds"),
    )
    .execute();

export const batch = (db: Db, after: number, limit: number) =>
  db
    .selectFrom("hashtag.hashtags as hashtags")
    .select(["id", "name"])
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();

/** The videos of a hashtag, the hottest or the latest first. */
export function listsOfVideos(db: Database<Tables>) {
  const asks = { hashtagId: "bigint" } as const;
  const rows = (reader: Db, { hashtagId }: { hashtagId: Expression<Id> }) =>
    reader
      .selectFrom("hashtag.video_hashtags")
      .select(["video_id as videoId", "hot_score as hotScore", "published_at_ms as publishedAtMs"])
      .where("hashtag_id", "=", hashtagId);
  return {
    hot: listsOf(db, { asks, rows, key: { hot_score: "hotScore", video_id: "videoId" } }),
    new: listsOf(db, { asks, rows, key: { published_at_ms: "publishedAtMs", video_id: "videoId" } }),
  };
}

/** The hashtags of these keys, created where there were none; locked in the order of keys, so that there are no deadlocks. */
export async function upsert(tx: Tx<Tables>, named: readonly NewHashtag[]) {
  if (named.length === 0) return [];
  return tx
    .insertInto("hashtag.hashtags")
    .values(named.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
    .onConflict((c) => c.column("key").doUpdateSet((e) => ({ key: e.ref("excluded.key") })))
    .returning(["id", "key", "name", sql<boolean>`xmax = 0`.as("isNew")])
    .execute();
}

/** The hashtags of a video. */
export const hashtagsOfVideo = (db: Db, videoId: Id) =>
  db
    .selectFrom("hashtag.video_hashtags")
    .innerJoin("hashtag.hashtags as hashtags", "hashtags.id", "hashtag_id")
    .select(["hashtags.id", "hashtags.key", "hashtags.name"])
    .where("video_id", "=", videoId)
    .execute();

export interface VideoCopy {
  readonly viewCount: number;
  readonly hotScore: number;
  readonly publishedAtMs: number | null;
}

/** Updates the local copy of a video and locks it; undefined for an older version, not for the same one. */
export async function storeVideo(
  tx: Tx<Tables>,
  { videoId, version, publishedAtMs }: { videoId: Id; version: number; publishedAtMs: number | null },
): Promise<VideoCopy | undefined> {
  const hotScore = publishedAtMs === null ? noScore : hotScoreOf(videoWeight, publishedAtMs);
  const { rows: stored } = await sql<VideoCopy>`
    INSERT INTO hashtag.video_copies AS c (video_id, version, published_at_ms, hot_score)
    VALUES (${videoId}, ${version}, ${publishedAtMs}, ${hotScore})
    ON CONFLICT (video_id) DO UPDATE SET
      version = excluded.version,
      published_at_ms = coalesce(c.published_at_ms, excluded.published_at_ms),
      hot_score = CASE WHEN c.published_at_ms IS NULL AND excluded.published_at_ms IS NOT NULL
             THEN ${addScores(sql`c.hot_score`, sql`excluded.hot_score`)} ELSE c.hot_score END
    WHERE c.version <= excluded.version
    RETURNING view_count AS "viewCount", hot_score AS "hotScore", published_at_ms AS "publishedAtMs"`.execute(tx);
  return stored[0];
}

export async function link(tx: Tx<Tables>, videoId: Id, ids: readonly Id[], copy: VideoCopy): Promise<void> {
  if (ids.length === 0) return;
  const { hotScore, publishedAtMs } = copy;
  await tx
    .insertInto("hashtag.video_hashtags")
    .values(
      ids.map((hashtag_id) => ({
        hashtag_id,
        video_id: videoId,
        hot_score: hotScore,
        published_at_ms: publishedAtMs ?? 0,
      })),
    )
    .execute();
  await sql`UPDATE hashtag.hashtags SET video_count = video_count + 1, view_count = view_count + ${copy.viewCount},
              hot_score = ${addScores(sql`hot_score`, sql`${hotScore}::bigint`)}
            WHERE id = ANY(${[...ids]}::bigint[])`.execute(tx);
}

export async function unlink(tx: Tx<Tables>, videoId: Id, ids: readonly Id[], copy: VideoCopy): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .deleteFrom("hashtag.video_hashtags")
    .where("video_id", "=", videoId)
    .where("hashtag_id", "=", anyOf(ids))
    .execute();
  await sql`UPDATE hashtag.hashtags SET video_count = video_count - 1, view_count = view_count - ${copy.viewCount},
              hot_score = CASE WHEN video_count = 1 THEN ${sql.lit(noScore)}
                     ELSE ${subtractScore(sql`hot_score`, sql`${copy.hotScore}::bigint`)} END
            WHERE id = ANY(${[...ids]}::bigint[])`.execute(tx);
}

/** Counts views of a video, and of its hashtags; their hot score is in its stored form. */
export async function countViews(
  tx: Tx<Tables>,
  videoId: Id,
  { views, hotScore }: { views: number; hotScore: number },
): Promise<void> {
  const score = sql`${hotScore}::bigint`;
  await sql`INSERT INTO hashtag.video_copies AS c (video_id, version, view_count, hot_score)
            VALUES (${videoId}, 0, ${views}, ${score})
            ON CONFLICT (video_id) DO UPDATE SET view_count = c.view_count + excluded.view_count,
              hot_score = ${addScores(sql`c.hot_score`, sql`excluded.hot_score`)}`.execute(tx);
  const { rows: locked } = await sql<{ id: Id }>`
    SELECT id FROM hashtag.hashtags WHERE id IN (SELECT hashtag_id FROM hashtag.video_hashtags WHERE video_id = ${videoId})
    ORDER BY key FOR UPDATE`.execute(tx);
  if (locked.length === 0) return;
  await sql`UPDATE hashtag.hashtags SET view_count = view_count + ${views}, hot_score = ${addScores(sql`hot_score`, score)}
            WHERE id = ANY(${locked.map(({ id }) => id)}::bigint[])`.execute(tx);
  await sql`UPDATE hashtag.video_hashtags l SET hot_score = c.hot_score FROM hashtag.video_copies c
            WHERE l.video_id = ${videoId} AND c.video_id = l.video_id`.execute(tx);
}

/** The videos with hashtags. */
export const listLinked = (db: Db, after: number, limit: number) =>
  db
    .selectFrom("hashtag.video_hashtags")
    .select("video_id as id")
    .distinct()
    .where("video_id", ">", after)
    .orderBy("video_id")
    .limit(limit)
    .execute();
