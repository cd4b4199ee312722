import { sql } from "kysely";
import type { Reader } from "../db/transaction.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";

/*
 * The outbox read as a log. A row gets its position after its commit, from one process at a time. A reader that has passed
 * a position therefore never misses an event that commits later. Neither `seq` nor a transaction number has that property.
 */

/** The lease of the process that positions and sends a publisher's events. */
export const relayLock = "relay";
const counter = "outbox position";

/** An event with its position in the publisher's log. */
export interface Positioned {
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  readonly key: number;
  readonly payload: string;
  readonly traceId: string;
}

/**
 * Gives the oldest committed events their positions, in the order they were emitted, and returns them. Nothing is
 * positioned when the lease with this fence is over: a successor may have given later positions, which consumers passed.
 */
export async function positionNew(db: Reader<KernelTables>, fence: number, limit: number): Promise<Positioned[]> {
  const { rows } = await sql<Positioned>`
    WITH lease AS MATERIALIZED (
      SELECT FROM ${kernel.locks} WHERE name = ${relayLock} AND fence = ${fence} AND lease_until_ms >= ${clockMs} FOR SHARE
    ), oldest AS MATERIALIZED (
      SELECT seq FROM ${kernel.outbox} WHERE position IS NULL AND EXISTS (SELECT FROM lease) ORDER BY seq LIMIT ${limit}
    ), counted AS (
      INSERT INTO ${kernel.marks} AS mark (name, value) SELECT ${counter}, count(*) FROM oldest HAVING count(*) > 0
      ON CONFLICT (name) DO UPDATE SET value = mark.value + excluded.value RETURNING value
    ), numbered AS MATERIALIZED (
      SELECT seq, counted.value - row_number() OVER (ORDER BY seq DESC) + 1 AS position FROM oldest, counted
    )
    UPDATE ${kernel.outbox} AS event SET position = numbered.position FROM numbered WHERE event.seq = numbered.seq
    RETURNING event.position, event_id AS "eventId", type, key, payload, trace_id AS "traceId"`.execute(db);
  return rows.toSorted((a, b) => a.position - b.position);
}

/** Events after a position, in order. */
export const eventsAfter = (db: Reader<KernelTables>, position: number, limit: number): Promise<Positioned[]> =>
  db
    .selectFrom("outbox")
    .select(["position", "event_id as eventId", "type", "key", "payload", "trace_id as traceId"])
    .where("position", ">", position)
    .orderBy("position")
    .limit(limit)
    .execute() as Promise<Positioned[]>; // None of these is null: they are greater than a number.

/** How far each route has come, and the last position in the log; 0 when it is empty. */
export async function cursors(
  db: Reader<KernelTables>,
): Promise<{ head: number; positions: ReadonlyMap<string, number> }> {
  const { rows } = await sql<{ route: string | null; position: number }>`
    SELECT NULL::text AS route, coalesce(max(position), 0) AS position FROM ${kernel.outbox}
    UNION ALL SELECT route, position FROM ${kernel.cursors}`.execute(db);
  const positions = new Map<string, number>();
  let head = 0;
  for (const { route, position } of rows)
    if (route === null) head = position;
    else positions.set(route, position);
  return { head, positions };
}

/** Stores how far routes have come. A cursor never goes back. */
export async function moveCursors(db: Reader<KernelTables>, positions: ReadonlyMap<string, number>): Promise<void> {
  await sql`
    INSERT INTO ${kernel.cursors} AS held (route, position)
    SELECT route, position FROM unnest(${[...positions.keys()]}::text[], ${[...positions.values()]}::bigint[]) AS moved (route, position)
    ORDER BY route
    ON CONFLICT (route) DO UPDATE SET position = excluded.position WHERE held.position < excluded.position`.execute(db);
}

/** Deletes events of each type up to its position, or of all types up to one; returns how many. */
export async function trim(db: Reader<KernelTables>, upTo: number | ReadonlyMap<string, number>): Promise<number> {
  if (typeof upTo === "number")
    return affectedRows(await sql`DELETE FROM ${kernel.outbox} WHERE position <= ${upTo}`.execute(db));
  return affectedRows(
    await sql`
      DELETE FROM ${kernel.outbox} AS event
      USING unnest(${[...upTo.keys()]}::text[], ${[...upTo.values()]}::bigint[]) AS passed (type, position)
      WHERE event.type = passed.type AND event.position <= passed.position`.execute(db),
  );
}

const affectedRows = ({ numAffectedRows = 0n }: { readonly numAffectedRows?: bigint }): number =>
  Number(numAffectedRows);
