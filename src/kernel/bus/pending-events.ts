import { sql } from "kysely";
import type { Reader, Tx } from "../db/transaction.ts";
import type { Db } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import type { Delivery } from "./port.ts";

/** An event that its consumer has received and not applied yet. */
export interface Pending extends Delivery {
  readonly seq: number;
  readonly attempts: number;
}

/** Stores events behind the pending ones of their key. They are due after those are done. */
export async function hold(tx: Tx<KernelTables>, events: readonly Delivery[]): Promise<void> {
  if (events.length === 0) return;
  await tx
    .insertInto("pending_events")
    .values(
      events.map(({ eventId, type, source, key, payload, traceId }) => ({
        event_id: eventId,
        type,
        source,
        key,
        payload,
        trace_id: traceId,
      })),
    )
    .execute();
}

/** Stores an event that could not be applied, for another attempt. Nothing is done where it was received before. */
export const defer = (db: Db<KernelTables>, event: Delivery, error: string, delayMs: number): Promise<void> =>
  db.tx(async (tx) => {
    const { rows } = await sql`
      INSERT INTO ${kernel.inbox} (event_id) VALUES (${event.eventId}) ON CONFLICT DO NOTHING RETURNING event_id`.execute(
      tx,
    );
    if (rows.length === 0) return;
    const { eventId, type, source, key, payload, traceId } = event;
    await sql`
      INSERT INTO ${kernel.pendingEvents} (event_id, type, source, key, payload, trace_id, attempts, due_ms, last_error)
      VALUES (${eventId}, ${type}, ${source}, ${key}, ${payload}, ${traceId}, 1, ${clockMs} + ${delayMs}::bigint, ${error})`.execute(
      tx,
    );
  });

/** Pending events that are due, at most one of each source and key: the oldest. */
export async function duePending(db: Reader<KernelTables>, limit: number): Promise<Pending[]> {
  const { rows } = await sql<Pending>`
    SELECT seq, event_id AS "eventId", type, source, key, payload, trace_id AS "traceId", attempts
    FROM (SELECT DISTINCT ON (source, key) * FROM ${kernel.pendingEvents} ORDER BY source, key, seq) AS oldest
    WHERE due_ms <= ${clockMs} ORDER BY seq LIMIT ${limit}`.execute(db);
  return rows;
}

/** In how many milliseconds the next pending event is due; undefined where none is pending. */
export async function nextPendingMs(db: Reader<KernelTables>): Promise<number | undefined> {
  const { rows } = await sql<{ waitMs: number | null }>`
    SELECT min(due_ms) - ${clockMs} AS "waitMs"
    FROM (SELECT DISTINCT ON (source, key) due_ms FROM ${kernel.pendingEvents} ORDER BY source, key, seq) AS oldest`.execute(
    db,
  );
  const { waitMs } = rows[0] ?? {};
  return waitMs === undefined || waitMs === null ? undefined : Math.max(0, waitMs);
}

/** Takes a pending event out, in the transaction that applies it; false where another process has it or had it. */
export async function takePending(tx: Tx<KernelTables>, seq: number): Promise<boolean> {
  const { rows } = await sql`
    DELETE FROM ${kernel.pendingEvents}
    WHERE seq = (SELECT seq FROM ${kernel.pendingEvents} WHERE seq = ${seq} FOR UPDATE SKIP LOCKED) RETURNING seq`.execute(
    tx,
  );
  return rows.length === 1;
}

/** Puts a pending event off after another attempt. */
export async function postpone(
  db: Reader<KernelTables>,
  event: Pending,
  error: string,
  delayMs: number,
): Promise<void> {
  await sql`
    UPDATE ${kernel.pendingEvents}
    SET attempts = attempts + 1, due_ms = ${clockMs} + ${delayMs}::bigint, last_error = ${error}
    WHERE seq = ${event.seq} AND attempts = ${event.attempts}`.execute(db);
}

/** How many events are pending. */
export async function countPending(db: Reader<KernelTables>): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${kernel.pendingEvents}`.execute(db);
  return rows[0]?.count ?? 0;
}
