import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

type DayCount = "view_count" | "like_count";
/** A view or a like of a video. */
export interface Occurrence {
  readonly videoId: Id;
  readonly atMs: number;
}

const dayMs = 86_400_000;
/** The day of UTC an instant lies in, counted from 1970. Pure. */
export const dayOf = (atMs: number): number => Math.floor(atMs / dayMs);

const perDay = (occurrences: readonly Occurrence[]) => sql`
  SELECT video, day, count(*)::integer AS count
  FROM unnest(${occurrences.map(({ videoId }) => videoId)}::bigint[], ${occurrences.map(({ atMs }) => dayOf(atMs))}::bigint[])
    AS one (video, day)
  GROUP BY video, day ORDER BY video, day`;

/** Counts per day. The caller has locked the counts of the videos, so that there is no deadlock. */
export async function raiseDays(tx: Tx<Tables>, count: DayCount, occurrences: readonly Occurrence[]): Promise<void> {
  if (occurrences.length === 0) return;
  const column = sql.ref(count);
  await sql`
    INSERT INTO interaction.video_days AS d (video_id, day, ${column}) ${perDay(occurrences)}
    ON CONFLICT (video_id, day) DO UPDATE SET ${column} = d.${column} + excluded.${column}`.execute(tx);
}

/** As {@link raiseDays}, for rows that are deleted. */
export async function lowerDays(tx: Tx<Tables>, count: DayCount, happened: readonly Occurrence[]): Promise<void> {
  if (happened.length === 0) return;
  const column = sql.ref(count);
  await sql`
    UPDATE interaction.video_days AS d SET ${column} = d.${column} - lost.count FROM (${perDay(happened)}) AS lost
    WHERE d.video_id = lost.video AND d.day = lost.day`.execute(tx);
}

/** The days since this one that have views or likes, the oldest first. */
export const daysSince = (db: Db, videoId: Id, day: number) =>
  db
    .selectFrom("interaction.video_days")
    .select(["day", "view_count as viewCount", "like_count as likeCount"])
    .where("video_id", "=", videoId)
    .where("day", ">=", day)
    .orderBy("day")
    .execute();
