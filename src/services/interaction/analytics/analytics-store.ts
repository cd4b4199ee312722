import type { ViewSource } from "#events/interaction";
import type { Id } from "#kernel";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../store.ts";

/** The scope of analytics: a video, or all videos of an author. */
export interface Scope {
  readonly videos: RawBuilder<boolean>;
  readonly followers: RawBuilder<boolean>;
}
export const videoScope = (id: Id): Scope => ({
  videos: sql`video_id = ${id}`,
  followers: sql`video_id = ${id}`,
});
export const channelScope = (authorId: Id): Scope => ({
  videos: sql`video_id IN (SELECT video_id FROM interaction.video_copies WHERE author_id = ${authorId})`,
  followers: sql`author_id = ${authorId}`,
});

export interface DayTotals {
  readonly day: number;
  readonly views: number;
  readonly watchTimeMs: number;
}
/** Views and watch time on the days since this one that have any. */
export async function days(db: Db, { videos }: Scope, since: number): Promise<DayTotals[]> {
  const { rows } = await sql<DayTotals>`
    SELECT day, sum(view_count)::bigint AS views, sum(watch_ms)::bigint AS "watchTimeMs"
    FROM interaction.video_days WHERE ${videos} AND day >= ${since} GROUP BY day ORDER BY day`.execute(db);
  return rows;
}

/** The views whose reports had ranges, and the watched parts of each hundredth. */
export async function retention(
  db: Db,
  { videos }: Scope,
  since: number,
): Promise<{ views: number; parts: readonly number[] }> {
  const { rows } = await sql<{ place: number; parts: number; views: number }>`
    SELECT part.place, sum(part.watched)::bigint AS parts, sum(r.view_count)::bigint AS views
    FROM interaction.video_retention r, unnest(r.watched) WITH ORDINALITY AS part (watched, place)
    WHERE ${videos} AND day >= ${since} GROUP BY part.place ORDER BY part.place`.execute(db);
  return { views: rows[0]?.views ?? 0, parts: rows.map(({ parts }) => parts) };
}

export interface SourceTotals {
  readonly source: ViewSource;
  readonly site: string;
  readonly views: number;
}
/** Views by source and site, the most first. */
export async function sources(db: Db, { videos }: Scope, since: number): Promise<SourceTotals[]> {
  const { rows } = await sql<SourceTotals>`
    SELECT source, site, sum(view_count)::bigint AS views FROM interaction.view_sources
    WHERE ${videos} AND day >= ${since} GROUP BY source, site ORDER BY views DESC, source, site`.execute(db);
  return rows;
}

/** Followers since a day who still follow, and those of the days before it since another. */
export async function followers(
  db: Db,
  { followers: of }: Scope,
  { since, previousSince }: { readonly since: number; readonly previousSince: number },
): Promise<{ now: number; before: number }> {
  const { rows } = await sql<{ now: number; before: number }>`
    SELECT count(*) FILTER (WHERE day >= ${since}) AS now, count(*) FILTER (WHERE day < ${since}) AS before
    FROM interaction.new_followers WHERE ${of} AND day >= ${previousSince}`.execute(db);
  return rows[0] ?? { now: 0, before: 0 };
}

/** The videos with the most views since a day. */
export async function topVideos(
  db: Db,
  { videos }: Scope,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<{ videoId: Id; views: number }[]> {
  const { rows } = await sql<{ videoId: Id; views: number }>`
    SELECT video_id AS "videoId", sum(view_count)::bigint AS views FROM interaction.video_days
    WHERE ${videos} AND day >= ${since} GROUP BY video_id HAVING sum(view_count) > 0
    ORDER BY views DESC, video_id DESC LIMIT ${limit}`.execute(db);
  return rows;
}
