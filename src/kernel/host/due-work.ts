import { sql } from "kysely";
import type { Reader } from "../db/transaction.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";

/**
 * True if an event or a job of this database is due now, or a job is under way. Work that waits for another try does
 * not count. It is one statement: two would both miss a job that ends with an event between them.
 */
export async function isDue(db: Reader<KernelTables>): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    SELECT EXISTS (SELECT FROM ${kernel.jobs} WHERE state = 'running' OR (state = 'queued' AND due_ms <= ${clockMs}))
        OR EXISTS (SELECT FROM ${kernel.outbox} WHERE position IS NULL)
        OR EXISTS (
          SELECT FROM (SELECT DISTINCT ON (source, key) due_ms FROM ${kernel.pendingEvents} ORDER BY source, key, seq) AS oldest
          WHERE due_ms <= ${clockMs}
        ) AS due`.execute(db);
  return rows[0]?.due === true;
}
