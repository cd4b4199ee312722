import { type Id, type PageInput, pageOf } from "#kernel";
import { sql } from "kysely";
import { type Db, deletedVersion, matches, vector, type Write } from "./store.ts";
import { type Needle, needlesOf, tsqueryOf } from "./terms.ts";

/** Twice as many views are worth being as much newer. */
const doublingMs = 7 * 24 * 3_600_000;
const rankOf = (publishedAtMs: ReturnType<typeof sql>, plays: ReturnType<typeof sql>) =>
  sql<number>`(${publishedAtMs} + round(${sql.lit(doublingMs)} * ln(1 + ${plays}) / ln(2::float8)))::bigint`;

export interface VideoEntry {
  readonly videoId: Id;
  readonly authorId: Id;
  readonly version: number;
  readonly titleKey: string;
  /** Null where not everybody may find it. */
  readonly terms: readonly string[] | null;
  readonly publishedAtMs: number;
}

/** Stores the entry of a video; yields whether it changed. An older version is ignored. */
export async function put(tx: Write, entry: VideoEntry): Promise<boolean> {
  const { videoId, authorId, version, titleKey, terms, publishedAtMs } = entry;
  if (terms === null) {
    const { rows } = await sql`
      INSERT INTO search.video_entries AS v (video_id, author_id, version, title_key, published_at_ms, rank)
      VALUES (${videoId}, ${authorId}, ${version}, '', ${publishedAtMs}, 0)
      ON CONFLICT (video_id) DO UPDATE SET version = excluded.version, author_id = excluded.author_id, title_key = '',
        own_words = NULL, words = NULL
      WHERE v.version < excluded.version OR (v.version = excluded.version AND v.words IS NOT NULL) RETURNING 1`.execute(
      tx,
    );
    return rows.length > 0;
  }
  // A change of the author's names waits for this, or this for it: neither misses the other.
  await sql`INSERT INTO search.user_entries (user_id, version, username_key, nickname_key, username, words)
            VALUES (${authorId}, 0, '', '', '', ''::tsvector) ON CONFLICT DO NOTHING`.execute(tx);
  const { rows } = await sql`
    WITH author AS (SELECT words FROM search.user_entries WHERE user_id = ${authorId} FOR SHARE),
         own AS MATERIALIZED (SELECT ${vector(terms)} AS words)
    INSERT INTO search.video_entries AS v (video_id, author_id, version, title_key, own_words, words, published_at_ms, rank)
    SELECT ${videoId}::bigint, ${authorId}::bigint, ${version}::integer, ${titleKey}, own.words, own.words || author.words,
           ${publishedAtMs}::bigint, ${publishedAtMs}::bigint FROM author, own
    ON CONFLICT (video_id) DO UPDATE SET version = excluded.version, author_id = excluded.author_id,
      title_key = excluded.title_key, own_words = excluded.own_words, words = excluded.words,
      published_at_ms = excluded.published_at_ms, rank = ${rankOf(sql`excluded.published_at_ms`, sql`v.play_count`)}
    WHERE v.version < excluded.version OR (v.version = excluded.version AND
      (v.title_key, v.words, v.author_id) IS DISTINCT FROM (excluded.title_key, excluded.words, excluded.author_id))
    RETURNING 1`.execute(tx);
  return rows.length > 0;
}

export const remove = (tx: Write, videoId: Id) =>
  put(tx, { videoId, authorId: 0, version: deletedVersion, titleKey: "", terms: null, publishedAtMs: 0 });

/** Counts views, also of a video that is not in the index yet. */
export const view = (tx: Write, videoId: Id, views: number) =>
  sql`INSERT INTO search.video_entries AS v (video_id, author_id, version, title_key, published_at_ms, play_count, rank)
      VALUES (${videoId}, 0, 0, '', 0, ${views}, 0)
      ON CONFLICT (video_id) DO UPDATE SET play_count = v.play_count + excluded.play_count,
        rank = ${rankOf(sql`v.published_at_ms`, sql`(v.play_count + excluded.play_count)`)}`.execute(tx);

/** Corrects counts of views; yields the videos whose counts were wrong. */
export async function setPlays(tx: Write, counts: readonly { videoId: Id; playCount: number }[]): Promise<Id[]> {
  const ids = counts.map(({ videoId }) => videoId);
  const plays = counts.map(({ playCount }) => playCount);
  const { rows } = await sql<{ id: Id }>`
    UPDATE search.video_entries v SET play_count = c.plays, rank = ${rankOf(sql`v.published_at_ms`, sql`c.plays`)}
    FROM unnest(${ids}::bigint[], ${plays}::integer[]) AS c (id, plays)
    WHERE v.video_id = c.id AND v.words IS NOT NULL AND v.play_count <> c.plays RETURNING v.video_id AS id`.execute(tx);
  return rows.map(({ id }) => id);
}

export interface OwnSearch {
  readonly place: number;
  readonly userId: Id;
  readonly key: string;
}
/** The places of searches that find the searcher's own name or videos. */
export async function ownAmong(db: Db, searches: readonly OwnSearch[]): Promise<ReadonlySet<number>> {
  const queries = searches.flatMap(({ place, userId, key }) => {
    const needles = needlesOf(key);
    return needles.length === 0 ? [] : [{ place, userId, query: tsqueryOf(needles) }];
  });
  if (queries.length === 0) return new Set();
  const { rows } = await sql<{ place: number }>`
    SELECT n.place FROM unnest(${queries.map(({ place }) => place)}::integer[],
      ${queries.map(({ userId }) => userId)}::bigint[], ${queries.map(({ query }) => query)}::text[]) AS n (place, user_id, query)
    WHERE EXISTS (SELECT FROM search.user_entries u WHERE u.user_id = n.user_id AND u.words @@ n.query::tsquery)
       OR EXISTS (SELECT FROM search.video_entries v WHERE v.author_id = n.user_id AND v.words @@ n.query::tsquery)`.execute(
    db,
  );
  return new Set(rows.map(({ place }) => place));
}

export interface VideoQuery {
  readonly key: string;
  readonly needles: readonly Needle[];
  readonly hidden: readonly Id[];
  /** Those that were published before are left out. */
  readonly sinceMs?: number | undefined;
}

export function search(
  db: Db,
  { key, needles, hidden, sinceMs }: VideoQuery,
  sort: "relevance" | "new" | "hot",
  page: PageInput,
) {
  const hits = db
    .selectFrom("search.video_entries")
    .select([
      "video_id as videoId",
      "rank",
      "published_at_ms as publishedAtMs",
      "play_count as playCount",
      sql<number>`CASE WHEN title_key = ${key} THEN 3 WHEN starts_with(title_key, ${key}) THEN 2
                       WHEN strpos(title_key, ${key}) > 0 THEN 1 ELSE 0 END`.as("tier"),
    ])
    .where(matches("words", needles))
    .$if(sinceMs !== undefined, (q) => q.where("published_at_ms", ">=", sinceMs ?? 0))
    .$if(hidden.length > 0, (q) => q.where(sql<boolean>`author_id <> ALL(${[...hidden]}::bigint[])`));
  const rows = db.selectFrom(hits.as("hit")).selectAll("hit");
  if (sort === "new")
    return pageOf(db, rows, { publishedAtMs: "publishedAtMs", videoId: "videoId" }, page, "desc", "along");
  if (sort === "hot") return pageOf(db, rows, { playCount: "playCount", videoId: "videoId" }, page, "desc", "along");
  return pageOf(db, rows, { tier: "tier", rank: "rank", videoId: "videoId" }, page, "desc", "along");
}
