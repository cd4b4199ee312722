import { type Db as Database, type Id, type Tx } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import type { ReachedPoint } from "#media/live/output-numbers";
import { sql } from "kysely";
import type { Db, Tables } from "../../store.ts";

/** A process has the stream of a room, by a fence that is higher than those before. */
export interface Claim {
  readonly liveId: Id;
  readonly fence: number;
}

/** How far a stream is. */
interface Reached extends ReachedPoint {
  readonly originMs: number;
}

/** Takes the stream of a room for a process, also from another one. */
export async function claim(
  tx: Tx<Tables>,
  liveId: Id,
  instance: string,
  { originMs: origin_ms, msn, generation, endMs: end_ms, discontinuities }: Reached,
): Promise<Claim> {
  const seen_at_ms = sql<number>`${clockMs}`;
  const values = { instance, is_attended: true, origin_ms, msn, generation, end_ms, discontinuities, seen_at_ms };
  const { fence } = await tx
    .insertInto("live.ingests")
    .values({ live_id: liveId, fence: 1, ...values })
    .onConflict((c) => c.column("live_id").doUpdateSet({ ...values, fence: sql<number>`ingests.fence + 1` }))
    .returning("fence")
    .executeTakeFirstOrThrow();
  return { liveId, fence };
}

/** The publisher is gone; false where another process has taken the stream. */
export async function leave(
  tx: Tx<Tables>,
  { liveId, fence }: Claim,
  reached: ReachedPoint | undefined,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("live.ingests")
    .set({
      is_attended: false,
      seen_at_ms: sql<number>`${clockMs}`,
      ...(reached && {
        msn: reached.msn,
        generation: reached.generation,
        end_ms: reached.endMs,
        discontinuities: reached.discontinuities,
      }),
    })
    .where("live_id", "=", liveId)
    .where("fence", "=", fence)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Renews claims, which never go back behind what `leave` wrote; yields those that still stand: of rooms that have not ended, which another process may have done. */
export async function renew(db: Database<Tables>, claims: readonly (Claim & Reached)[]): Promise<ReadonlySet<Id>> {
  const column = (name: keyof Claim | keyof Reached) => sql`${claims.map((claim) => claim[name])}::bigint[]`;
  const { rows } = await sql<{ liveId: Id }>`
    UPDATE live.ingests SET seen_at_ms = ${clockMs}, msn = greatest(ingests.msn, held.msn),
      generation = greatest(ingests.generation, held.generation), end_ms = greatest(ingests.end_ms, held.end_ms),
      discontinuities = greatest(ingests.discontinuities, held.discontinuities)
    FROM unnest(${column("liveId")}, ${column("fence")}, ${column("msn")}, ${column("generation")}, ${column("endMs")},
      ${column("discontinuities")}) AS held (id, fence, msn, generation, end_ms, discontinuities)
    WHERE live_id = held.id AND ingests.fence = held.fence
      AND EXISTS (SELECT FROM live.live_streams WHERE live_streams.id = held.id AND status <> 'ended')
    RETURNING live_id AS "liveId"`.execute(db);
  return new Set(rows.map(({ liveId }) => liveId));
}

/** Rooms on air whose stream no process has claimed for this long. */
export async function listAbandoned(db: Db, graceMs: number): Promise<Id[]> {
  const rows = await db
    .selectFrom("live.ingests as ingests")
    .innerJoin("live.live_streams as streams", "streams.id", "ingests.live_id")
    .select("ingests.live_id as liveId")
    .where("status", "in", ["live", "paused"])
    .where("seen_at_ms", "<", sql<number>`${clockMs} - ${graceMs}`)
    .orderBy("seen_at_ms")
    .limit(100)
    .execute();
  return rows.map(({ liveId }) => liveId);
}

/** True if a process receives the stream of a room. */
export async function isAttended(tx: Tx<Tables>, liveId: Id): Promise<boolean> {
  const row = await tx
    .selectFrom("live.ingests")
    .select("is_attended as isAttended")
    .where("live_id", "=", liveId)
    .executeTakeFirst();
  return row?.isAttended === true;
}

/** Rooms that were started before this time and had no stream since, some at most. */
export const withoutStream = (db: Db, startedBeforeMs: number) =>
  db
    .selectFrom("live.live_streams")
    .select("id")
    .where("status", "=", "live")
    .where("parent_id", "is", null)
    .where("is_announced", "=", false)
    .where("started_at_ms", "<", startedBeforeMs)
    .orderBy("id")
    .limit(100)
    .execute();

/** Rooms on air since before a time, some at most. */
export const startedBefore = (db: Db, atMs: number) =>
  db
    .selectFrom("live.live_streams")
    .select("id")
    .where("status", "in", ["live", "paused"])
    .where("started_at_ms", "<", atMs)
    .orderBy("id")
    .limit(100)
    .execute();

/**
 * The process that has, or last had, the stream of a room, with the stream's position and its age by the clock of the
 * database. Undefined before the first stream.
 */
export const holderOf = (db: Db, liveId: Id) =>
  db
    .selectFrom("live.ingests")
    .select(["instance", "is_attended as isAttended", "origin_ms as originMs", "msn", "generation", "end_ms as endMs"])
    .select("discontinuities")
    .select(sql<number>`greatest(0, ${clockMs} - seen_at_ms)`.as("agoMs"))
    .where("live_id", "=", liveId)
    .executeTakeFirst();
