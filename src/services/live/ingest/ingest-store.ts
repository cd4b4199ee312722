import { type Db as Database, type Id, type Tx } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";

/** A process has the stream of a room, by a fence that is higher than those before. */
export interface Claim {
  readonly liveId: Id;
  readonly fence: number;
}

/** Takes the stream of a room for a process, also from another one. */
export async function claim(tx: Tx<Tables>, liveId: Id, instance: string): Promise<Claim> {
  const { fence } = await tx
    .insertInto("live.ingests")
    .values({ live_id: liveId, instance, fence: 1, is_attended: true, seen_at_ms: sql<number>`${clockMs}` })
    .onConflict((c) =>
      c.column("live_id").doUpdateSet({
        instance,
        fence: sql<number>`ingests.fence + 1`,
        is_attended: true,
        seen_at_ms: sql<number>`${clockMs}`,
      }),
    )
    .returning("fence")
    .executeTakeFirstOrThrow();
  return { liveId, fence };
}

/** The publisher is gone; false where another process has taken the stream. */
export async function leave(tx: Tx<Tables>, { liveId, fence }: Claim): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("live.ingests")
    .set({ is_attended: false, seen_at_ms: sql<number>`${clockMs}` })
    .where("live_id", "=", liveId)
    .where("fence", "=", fence)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Renews claims; yields those that still stand. */
export async function renew(db: Database<Tables>, claims: readonly Claim[]): Promise<ReadonlySet<Id>> {
  const rows = await db
    .updateTable("live.ingests")
    .from(
      sql<{
        id: Id;
        held: number;
      }>`unnest(${claims.map(({ liveId }) => liveId)}::bigint[], ${claims.map(({ fence }) => fence)}::bigint[])`.as<"claimed">(
        sql`claimed (id, held)`,
      ),
    )
    .set({ seen_at_ms: sql<number>`${clockMs}` })
    .whereRef("live_id", "=", "claimed.id")
    .whereRef("fence", "=", "claimed.held")
    .returning("live_id as liveId")
    .execute();
  return new Set(rows.map(({ liveId }) => liveId));
}

/** Rooms on air whose stream nobody has had for so long. */
export async function abandoned(db: Db, graceMs: number): Promise<Id[]> {
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

/** The process that has the stream of a room; undefined where none had it yet. */
export const holderOf = (db: Db, liveId: Id) =>
  db
    .selectFrom("live.ingests")
    .select(["instance", "is_attended as isAttended"])
    .where("live_id", "=", liveId)
    .executeTakeFirst();
