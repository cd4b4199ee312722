import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

type DayCount = "view_count" | "like_count";
/** Something that happened to a video. */
export interface Happened {
  readonly videoId: Id;
  readonly atMs: number;
}

const dayMs = 86_400_000;
/** The day of UTC an instant lies in, counted from 1970. Pure. */
export const dayOf = (atMs: number): number => Math.floor(atMs / dayMs);

const perDay = (happened: readonly Happened[]) => sql`
  SELECT video, day, count(*)::integer AS count
  FROM unnest(${happened.map(({ videoId }) => videoId)}::bigint[], ${happened.map(({ atMs }) => dayOf(atMs))}::bigint[])
    AS one (video, day)
  GROUP BY video, day ORDER BY video, day`;

/** Counts by the day. Whoever writes here holds the counts of the videos already, so that nobody waits in a circle. */
export async function raiseDays(tx: Tx<Tables>, count: DayCount, happened: readonly Happened[]): Promise<void> {
  if (happened.length === 0) return;
  const column = sql.ref(count);
  await sql`
    INSERT INTO interaction.video_days AS d (video_id, day, ${column}) ${perDay(happened)}
    ON CONFLICT (video_id, day) DO UPDATE SET ${column} = d.${column} + excluded.${column}`.execute(tx);
}

/** As {@link raiseDays}, for what was counted and goes. */
export async function lowerDays(tx: Tx<Tables>, count: DayCount, happened: readonly Happened[]): Promise<void> {
  if (happened.length === 0) return;
  const column = sql.ref(count);
  await sql`
    UPDATE interaction.video_days AS d SET ${column} = d.${column} - gone.count FROM (${perDay(happened)}) AS gone
    WHERE d.video_id = gone.video AND d.day = gone.day`.execute(tx);
}

/** Of the days since this one on which something happened, the oldest first. */
export const daysSince = (db: Db, videoId: Id, day: number) =>
  db
    .selectFrom("interaction.video_days")
    .select(["day", "view_count as viewCount", "like_count as likeCount"])
    .where("video_id", "=", videoId)
    .where("day", ">=", day)
    .orderBy("day")
    .execute();
