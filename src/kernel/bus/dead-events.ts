import { sql } from "kysely";
import type { Call } from "../call.ts";
import { type Db, leaves, type Reader, type Tx } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import { noteDecision } from "../given-up.ts";
import type { Waiting } from "./outbox.ts";

/** A fact nobody could hear in all its tries; what it says is not shown. */
export interface DeadEvent {
  readonly id: string;
  readonly type: string;
  /** Its key. */
  readonly subjectId: number;
  readonly tries: number;
  readonly error: string;
  readonly diedAtMs: number;
}
/** The place of one in their list. Two may have died in one millisecond. */
export type DeadPlace = Pick<DeadEvent, "diedAtMs" | "id">;

/** Parks a fact nobody could hear, with the reason; the stream of its key goes on. */
export const bury = (
  db: Db<KernelTables>,
  { seq, eventId, type, key, payload, traceId, attempts }: Waiting,
  error: string,
) =>
  db.tx(async (tx) => {
    await tx
      .insertInto("dead_events")
      .values({
        event_id: eventId,
        type,
        key,
        payload,
        trace_id: traceId,
        attempts: attempts + 1,
        last_error: error,
        died_at_ms: clockMs,
      })
      .onConflict((c) => c.doNothing())
      .execute();
    await tx.deleteFrom("outbox").where("seq", "=", seq).execute();
  });

/** How many facts were given up and wait for somebody to look at them. */
export async function givenUp(db: Reader<KernelTables>): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${kernel.deadEvents}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Latest first; those that come after `after`. Ids compare by their bytes, as they do outside of the database. */
export async function dead(db: Reader<KernelTables>, limit: number, after?: DeadPlace): Promise<DeadEvent[]> {
  const { diedAtMs = Number.MAX_SAFE_INTEGER, id = "" } = after ?? {};
  const { rows } = await sql<DeadEvent>`
    SELECT event_id AS id, type, key AS "subjectId", attempts AS tries, last_error AS error, died_at_ms AS "diedAtMs"
    FROM ${kernel.deadEvents} WHERE (died_at_ms, event_id COLLATE "C") < (${diedAtMs}::bigint, ${id}::text)
    ORDER BY died_at_ms DESC, event_id COLLATE "C" DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/**
 * Puts a fact back where it is told from, behind what was told of its key meanwhile; yields whether it was there. It has all
 * its tries again and is the same event, so that those who heard it do nothing twice. It waits from now on: how long it lay
 * here is no lag of the relay.
 */
export const revive = (db: Db<KernelTables>, id: string, asked: Call): Promise<boolean> =>
  db.tx(async (tx) => {
    leaves(tx, "events");
    const { rows } = await sql<Decided>`
      WITH dead AS (DELETE FROM ${kernel.deadEvents} WHERE event_id = ${id} RETURNING event_id, type, key, payload, trace_id),
      told AS (
        INSERT INTO ${kernel.outbox} (event_id, type, key, payload, trace_id, created_at_ms)
        SELECT event_id, type, key, payload, trace_id, ${clockMs} FROM dead
      ) SELECT type, key FROM dead`.execute(tx);
    return note(tx, "event.retried", id, rows, asked);
  });

/** Lets go of a fact; yields whether it was there. */
export const discard = (db: Db<KernelTables>, id: string, asked: Call): Promise<boolean> =>
  db.tx(async (tx) => {
    const { rows } =
      await sql<Decided>`DELETE FROM ${kernel.deadEvents} WHERE event_id = ${id} RETURNING type, key`.execute(tx);
    return note(tx, "event.discarded", id, rows, asked);
  });

type Decided = Pick<Waiting, "type" | "key">;
/** The number in the trail is that of what the event is about; its own id is text. */
async function note(
  tx: Tx<KernelTables>,
  act: string,
  id: string,
  [found]: readonly Decided[],
  asked: Call,
): Promise<boolean> {
  if (!found) return false;
  const subject = { kind: "event", id: found.key };
  await noteDecision(tx, { act, subject, detail: `${found.type} ${id}` }, asked);
  return true;
}
