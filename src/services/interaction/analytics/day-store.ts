import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

/** A like of a video. */
export interface Occurrence {
  readonly videoId: Id;
  readonly atMs: number;
}

const dayMs = 86_400_000;
/** The day of UTC an instant lies in, counted from 1970. Pure. */
export const dayOf = (atMs: number): number => Math.floor(atMs / dayMs);
/** Such as `2026-11-20`. Pure. */
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

const perDay = (occurrences: readonly Occurrence[]) => sql`
  SELECT video, day, count(*)::integer AS count
  FROM unnest(${occurrences.map(({ videoId }) => videoId)}::bigint[], ${occurrences.map(({ atMs }) => dayOf(atMs))}::bigint[])
    AS one (video, day)
  GROUP BY video, day ORDER BY video, day`;

/** Counts likes per day. The caller has locked the counts of the videos, so that there is no deadlock. */
export async function addLikes(tx: Tx<Tables>, likes: readonly Occurrence[]): Promise<void> {
  if (likes.length === 0) return;
  await sql`
    INSERT INTO interaction.video_days AS d (video_id, day, like_count) ${perDay(likes)}
    ON CONFLICT (video_id, day) DO UPDATE SET like_count = d.like_count + excluded.like_count`.execute(tx);
}

/** As {@link addLikes}, for likes that are deleted. */
export async function subtractLikes(tx: Tx<Tables>, likes: readonly Occurrence[]): Promise<void> {
  if (likes.length === 0) return;
  await sql`
    UPDATE interaction.video_days AS d SET like_count = d.like_count - lost.count FROM (${perDay(likes)}) AS lost
    WHERE d.video_id = lost.video AND d.day = lost.day`.execute(tx);
}

/** The views of all videos on each day since this one. */
export const viewsSince = (db: Db, day: number) =>
  db
    .selectFrom("interaction.video_days")
    .select((e) => ["day", sql<number>`${e.fn.sum("view_count")}::bigint`.as("count")])
    .where("day", ">=", day)
    .groupBy("day")
    .execute();

/** The days since this one that have views or likes, the oldest first. */
export const daysSince = (db: Db, videoId: Id, day: number) =>
  db
    .selectFrom("interaction.video_days")
    .select(["day", "view_count as viewCount", "like_count as likeCount"])
    .where("video_id", "=", videoId)
    .where("day", ">=", day)
    .orderBy("day")
    .execute();
