import type { Db as Database, Id, Tx } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

/** A gateway that has not reported for longer has no viewers. */
const freshMs = 10_000;
/** A viewer who entered without a socket is counted for this long. */
const joinMs = 60_000;

export interface Report {
  readonly id: Id;
  readonly count: number;
}

export async function report(tx: Tx<Tables>, instance: string, rooms: readonly Report[]): Promise<void> {
  const sorted = rooms.toSorted((a, b) => a.id - b.id);
  const ids = sorted.map(({ id }) => id);
  const counts = sorted.map(({ count }) => count);
  await sql`
    DELETE FROM live.room_presence WHERE instance = ${instance} AND live_id = ANY(
      SELECT id FROM unnest(${ids}::bigint[], ${counts}::int[]) AS given (id, sockets) WHERE sockets = 0)`.execute(tx);
  await sql`
    INSERT INTO live.room_presence AS known (live_id, instance, sockets, seen_at_ms)
    SELECT id, ${instance}, sockets, ${clockMs} FROM unnest(${ids}::bigint[], ${counts}::int[]) AS given (id, sockets)
      JOIN live.live_streams USING (id) WHERE sockets > 0 ORDER BY id
    ON CONFLICT (live_id, instance) DO UPDATE SET sockets = excluded.sockets, seen_at_ms = excluded.seen_at_ms`.execute(
    tx,
  );
}

/** The viewer counts as one without a socket for a minute. */
export async function enter(tx: Tx<Tables>, liveId: Id, userId: Id): Promise<void> {
  await sql`
    INSERT INTO live.room_joins (live_id, user_id, until_ms) VALUES (${liveId}, ${userId}, ${clockMs} + ${joinMs})
    ON CONFLICT (live_id, user_id) DO UPDATE SET until_ms = excluded.until_ms`.execute(tx);
}
export async function exit(tx: Tx<Tables>, liveId: Id, userId: Id): Promise<void> {
  await tx.deleteFrom("live.room_joins").where("live_id", "=", liveId).where("user_id", "=", userId).execute();
}

/** Counts a viewer once for each room. */
export async function visit(tx: Tx<Tables>, liveId: Id, userId: Id): Promise<void> {
  await sql`
    WITH new AS (
      INSERT INTO live.room_visitors (live_id, user_id) VALUES (${liveId}, ${userId}) ON CONFLICT DO NOTHING RETURNING live_id)
    UPDATE live.live_streams SET view_count = view_count + 1 WHERE id IN (SELECT live_id FROM new)`.execute(tx);
}

export interface Counted {
  readonly id: Id;
  readonly onlineCount: number;
}

/** Sums the viewers of rooms that have not ended; yields those whose number is another one than before. */
export async function recount(db: Database<Tables>, ids: readonly Id[]): Promise<Counted[]> {
  const { rows } = await db.tx((tx) =>
    sql<Counted>`
      WITH counted AS (
        SELECT room.id, (
            SELECT coalesce(sum(sockets), 0) FROM live.room_presence AS one
            WHERE one.live_id = room.id AND one.seen_at_ms > ${clockMs} - ${freshMs}
          ) + (SELECT count(*) FROM live.room_joins AS one WHERE one.live_id = room.id AND one.until_ms > ${clockMs}) AS n
        FROM live.live_streams AS room WHERE room.id = ANY(${[...ids]}::bigint[]) AND room.status <> 'ended'
        ORDER BY room.id FOR UPDATE)
      UPDATE live.live_streams AS room SET online_count = n, peak_count = greatest(peak_count, n)
      FROM counted WHERE room.id = counted.id AND room.online_count <> n
      RETURNING room.id, room.online_count AS "onlineCount"`.execute(tx),
  );
  return rows;
}

export const countsOf = (db: Db, ids: readonly Id[]) =>
  db
    .selectFrom("live.live_streams")
    .select(["id", "online_count as onlineCount"])
    .where(sql<boolean>`id = ANY(${[...ids]}::bigint[])`)
    .execute();

const minuteMs = 60_000;

/** Notes how many watch each room that is live, once for each minute. */
export async function noteCounts(tx: Tx<Tables>): Promise<void> {
  await sql`
    INSERT INTO live.viewer_counts (live_id, at_ms, viewers)
    SELECT id, ${clockMs} / ${minuteMs} * ${minuteMs}, online_count FROM live.live_streams
    WHERE status IN ('live', 'paused') AND parent_id IS NULL
    ON CONFLICT (live_id, at_ms) DO UPDATE SET viewers = greatest(viewer_counts.viewers, excluded.viewers)`.execute(tx);
}

/** The newest of them, at most so many, the oldest first. */
export async function countsByMinute(db: Db, liveId: Id, limit: number) {
  const newest = await db
    .selectFrom("live.viewer_counts")
    .select(["at_ms as atMs", "viewers"])
    .where("live_id", "=", liveId)
    .orderBy("at_ms", "desc")
    .limit(limit)
    .execute();
  return newest.toReversed();
}

/** Forgets gateways and viewers that are gone; yields their rooms. */
export async function expire(tx: Tx<Tables>): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    WITH gone AS (DELETE FROM live.room_presence WHERE seen_at_ms <= ${clockMs} - ${freshMs} RETURNING live_id),
      left_by AS (DELETE FROM live.room_joins WHERE until_ms <= ${clockMs} RETURNING live_id)
    SELECT live_id AS id FROM gone UNION SELECT live_id FROM left_by`.execute(tx);
  return rows.map(({ id }) => id);
}
