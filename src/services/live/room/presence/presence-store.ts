import type { Id, Tx } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { accountMark, isNetwork, networkMark, visitorsPerNetworkMax } from "#policy/persons";
import { sql } from "kysely";
import type { z } from "zod";
import type { RoomReport } from "../chat/contract.ts";
import type { Db, Tables } from "../../store.ts";

/** A gateway that has not reported for longer has no viewers. */
const freshMs = 10_000;
/** A viewer who entered without a socket is counted for this long. */
const joinMs = 60_000;

export type Report = z.output<typeof RoomReport>;

/** Stores who is in rooms of a gateway now. */
export async function report(tx: Tx<Tables>, instance: string, rooms: readonly Report[]): Promise<void> {
  const sorted = rooms.toSorted((a, b) => a.id - b.id);
  const ids = sorted.map(({ id }) => id);
  const wholeIds = sorted.filter(({ isWhole }) => isWhole).map(({ id }) => id);
  const changes = sorted.flatMap(({ id, changes: persons }) => persons.map((person) => ({ id, ...person })));
  const changed = sql`unnest(${changes.map(({ id }) => id)}::bigint[], ${changes.map(({ person }) => person)}::text[],
    ${changes.map(({ connections }) => connections)}::int[]) AS changed (live_id, person, connections)`;
  await sql`
    DELETE FROM live.room_presence WHERE instance = ${instance} AND live_id = ANY(${wholeIds}::bigint[])`.execute(tx);
  await sql`
    INSERT INTO live.room_presence AS known (live_id, instance, seen_at_ms)
    SELECT id, ${instance}, ${clockMs} FROM unnest(${ids}::bigint[]) AS given (id)
      JOIN live.live_streams USING (id) ORDER BY id
    ON CONFLICT (live_id, instance) DO UPDATE SET seen_at_ms = excluded.seen_at_ms`.execute(tx);
  await sql`
    DELETE FROM live.room_persons AS persons USING ${changed}
    WHERE persons.instance = ${instance} AND persons.live_id = changed.live_id AND persons.person = changed.person
      AND changed.connections = 0`.execute(tx);
  await sql`
    INSERT INTO live.room_persons AS persons (live_id, instance, person, connections)
    SELECT live_id, ${instance}, person, connections FROM ${changed}
      JOIN live.room_presence AS known USING (live_id)
    WHERE known.instance = ${instance} AND connections > 0 ORDER BY live_id, person
    ON CONFLICT (live_id, instance, person) DO UPDATE SET connections = excluded.connections`.execute(tx);
  await sql`
    DELETE FROM live.room_presence AS known WHERE instance = ${instance} AND live_id = ANY(${ids}::bigint[])
      AND NOT EXISTS (
        SELECT FROM live.room_persons AS persons
        WHERE persons.live_id = known.live_id AND persons.instance = known.instance)`.execute(tx);
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

/**
 * Counts the viewers of rooms that have not ended: each account once, and a limited number of visitors per client
 * network.
 * @returns the rooms whose number has changed
 */
export async function recount(tx: Tx<Tables>, ids: readonly Id[]): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
      WITH counted AS (
        SELECT room.id, (
            SELECT coalesce(sum(least(connections, most)), 0) FROM (
              SELECT sum(connections) AS connections,
                CASE WHEN starts_with(person, ${networkMark}) THEN ${visitorsPerNetworkMax}::int ELSE 1 END AS most
              FROM (
                SELECT person, connections FROM live.room_persons JOIN live.room_presence AS known USING (live_id, instance)
                WHERE live_id = room.id AND known.seen_at_ms > ${clockMs} - ${freshMs}
                UNION ALL
                SELECT ${accountMark} || user_id, 1 FROM live.room_joins WHERE live_id = room.id AND until_ms > ${clockMs}
              ) AS present GROUP BY person
            ) AS persons
          ) AS n
        FROM live.live_streams AS room WHERE room.id = ANY(${[...ids]}::bigint[]) AND room.status <> 'ended'
        ORDER BY room.id FOR UPDATE)
      UPDATE live.live_streams AS room SET online_count = n, peak_count = greatest(peak_count, n)
      FROM counted WHERE room.id = counted.id AND room.online_count <> n
      RETURNING room.id, room.online_count AS "onlineCount"`.execute(tx);
  return rows;
}

/** An account that may have entered or left a room; all of the room where no account is named. */
export interface Movement {
  readonly liveId: Id;
  readonly userId?: Id | undefined;
}
export interface Attendance {
  readonly liveId: Id;
  readonly userId: Id;
  readonly isPresent: boolean;
}

/** The movements that reports of a gateway may be about. */
export const movementsIn = (reports: readonly Report[]): Movement[] =>
  reports.flatMap(({ id: liveId, isWhole, changes }) =>
    isWhole
      ? [{ liveId }]
      : changes
          .filter(({ person }) => !isNetwork(person))
          .map(({ person }) => ({ liveId, userId: Number(person.slice(accountMark.length)) })),
  );

/** Brings the attendees of rooms up to date, and yields the accounts that entered or left since the last time. */
export async function updateAttendees(tx: Tx<Tables>, movements: readonly Movement[]): Promise<Attendance[]> {
  const single = movements.flatMap(({ liveId, userId }) => (userId === undefined ? [] : [{ liveId, userId }]));
  const whole = sql`ANY(${movements.filter(({ userId }) => userId === undefined).map(({ liveId }) => liveId)}::bigint[])`;
  const { rows } = await sql<Attendance>`
    WITH candidate AS MATERIALIZED (
      SELECT live_id, user_id FROM unnest(${single.map(({ liveId }) => liveId)}::bigint[],
        ${single.map(({ userId }) => userId)}::bigint[]) AS movement (live_id, user_id)
      UNION SELECT live_id, user_id FROM live.room_attendees WHERE live_id = ${whole}
      UNION SELECT live_id, user_id FROM live.room_joins WHERE live_id = ${whole}
      UNION SELECT live_id, substr(person, ${accountMark.length + 1}::int)::bigint
        FROM live.room_persons WHERE live_id = ${whole} AND starts_with(person, ${accountMark})),
    present AS MATERIALIZED (
      SELECT live_id, user_id FROM candidate WHERE EXISTS (
        SELECT FROM live.room_presence AS known JOIN live.room_persons AS persons USING (live_id, instance)
        WHERE known.live_id = candidate.live_id AND known.seen_at_ms > ${clockMs} - ${freshMs}
          AND persons.person = ${accountMark} || candidate.user_id)
      OR EXISTS (
        SELECT FROM live.room_joins AS joined
        WHERE joined.live_id = candidate.live_id AND joined.user_id = candidate.user_id AND until_ms > ${clockMs})),
    entered AS (
      INSERT INTO live.room_attendees (live_id, user_id) SELECT live_id, user_id FROM present ORDER BY live_id, user_id
      ON CONFLICT DO NOTHING RETURNING live_id, user_id),
    absent AS (
      DELETE FROM live.room_attendees AS attendee USING candidate
      WHERE attendee.live_id = candidate.live_id AND attendee.user_id = candidate.user_id AND NOT EXISTS (
        SELECT FROM present WHERE present.live_id = attendee.live_id AND present.user_id = attendee.user_id)
      RETURNING attendee.live_id, attendee.user_id)
    SELECT live_id AS "liveId", user_id AS "userId", true AS "isPresent" FROM entered
    UNION ALL SELECT live_id, user_id, false FROM absent`.execute(tx);
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
export async function storeCounts(tx: Tx<Tables>): Promise<void> {
  await sql`
    INSERT INTO live.viewer_counts (live_id, at_ms, viewers)
    SELECT id, ${clockMs} / ${minuteMs} * ${minuteMs}, online_count FROM live.live_streams
    WHERE status IN ('live', 'paused') AND parent_id IS NULL
    ON CONFLICT (live_id, at_ms) DO UPDATE SET viewers = greatest(viewer_counts.viewers, excluded.viewers)`.execute(tx);
}

/** The newest counts by minute, at most `limit`, the oldest first. */
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

/** Forgets gateways and viewers that are gone; yields who may have left. */
export async function expire(tx: Tx<Tables>): Promise<Movement[]> {
  const { rows } = await sql<{ liveId: Id; userId: Id | null }>`
    WITH away AS (DELETE FROM live.room_presence WHERE seen_at_ms <= ${clockMs} - ${freshMs} RETURNING live_id),
      left_by AS (DELETE FROM live.room_joins WHERE until_ms <= ${clockMs} RETURNING live_id, user_id)
    SELECT live_id AS "liveId", NULL::bigint AS "userId" FROM away
    UNION SELECT live_id, user_id FROM left_by`.execute(tx);
  return rows.map(({ liveId, userId }) => ({ liveId, userId: userId ?? undefined }));
}
