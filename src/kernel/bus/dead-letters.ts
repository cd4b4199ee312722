import { sql } from "kysely";
import type { Reader, Tx } from "../db/transaction.ts";
import { type Db, leaves } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import type { Pending } from "./pending-events.ts";

/** An event that one consumer could not apply in all its attempts. Its payload is not shown. */
export interface DeadLetter {
  readonly id: string;
  readonly type: string;
  /** Its key. */
  readonly subjectId: number;
  readonly tries: number;
  readonly error: string;
  readonly diedAtMs: number;
}
/** The place of one in their list. Two may have died in one millisecond. */
export type DeadLetterPlace = Pick<DeadLetter, "diedAtMs" | "id">;

/** Moves a pending event to the dead letters, with the reason; events of its key go on. False where it was decided by another process. */
export const deadLetter = (db: Db<KernelTables>, { seq, attempts }: Pending, error: string): Promise<boolean> =>
  db.tx(async (tx) => {
    const { rows } = await sql`
      WITH taken AS (
        DELETE FROM ${kernel.pendingEvents} WHERE seq = ${seq} AND attempts = ${attempts}
        RETURNING event_id, type, source, key, payload, trace_id, attempts
      )
      INSERT INTO ${kernel.deadLetters} (event_id, type, source, key, payload, trace_id, attempts, last_error, died_at_ms)
      SELECT event_id, type, source, key, payload, trace_id, attempts + 1, ${error}, ${clockMs} FROM taken
      ON CONFLICT DO NOTHING RETURNING event_id`.execute(tx);
    return rows.length === 1;
  });

/** How many dead letters wait for an administrator. */
export async function countDeadLetters(db: Reader<KernelTables>): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${kernel.deadLetters}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Latest first; those that come after `after`. Ids compare by their bytes, as they do outside of the database. */
export async function deadLetters(
  db: Reader<KernelTables>,
  limit: number,
  after?: DeadLetterPlace,
): Promise<DeadLetter[]> {
  const { diedAtMs = Number.MAX_SAFE_INTEGER, id = "" } = after ?? {};
  const { rows } = await sql<DeadLetter>`
    SELECT event_id AS id, type, key AS "subjectId", attempts AS tries, last_error AS error, died_at_ms AS "diedAtMs"
    FROM ${kernel.deadLetters} WHERE (died_at_ms, event_id COLLATE "C") < (${diedAtMs}::bigint, ${id}::text)
    ORDER BY died_at_ms DESC, event_id COLLATE "C" DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** The dead letter that an administrator decided about. */
export type Decided = Pick<Pending, "type" | "key">;
/** Records the decision in its transaction. */
type Record = (tx: Tx<KernelTables>, decided: Decided) => Promise<void>;

/**
 * Makes a dead letter pending again for its consumer, behind the pending events of its key; returns whether it was there.
 * It has all its attempts again. Other consumers do not see it.
 */
export const retryDeadLetter = (db: Db<KernelTables>, id: string, record: Record): Promise<boolean> =>
  db.tx(async (tx) => {
    leaves(tx, "pending events");
    const { rows } = await sql<Decided>`
      WITH dead AS (
        DELETE FROM ${kernel.deadLetters} WHERE event_id = ${id} RETURNING event_id, type, source, key, payload, trace_id
      ), pending AS (
        INSERT INTO ${kernel.pendingEvents} (event_id, type, source, key, payload, trace_id)
        SELECT event_id, type, source, key, payload, trace_id FROM dead
      ) SELECT type, key FROM dead`.execute(tx);
    for (const decided of rows) await record(tx, decided);
    return rows.length === 1;
  });

/** Deletes a dead letter; returns whether it was there. */
export const discardDeadLetter = (db: Db<KernelTables>, id: string, record: Record): Promise<boolean> =>
  db.tx(async (tx) => {
    const { rows } =
      await sql<Decided>`DELETE FROM ${kernel.deadLetters} WHERE event_id = ${id} RETURNING type, key`.execute(tx);
    for (const decided of rows) await record(tx, decided);
    return rows.length === 1;
  });
