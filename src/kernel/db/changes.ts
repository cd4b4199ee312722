import { sql } from "kysely";
import type { Reader } from "./transaction.ts";

/*
 * Copies in memory of tables that several processes keep. Each process reads the rows that changed since its last look.
 * A row names the transaction that changed it. Transactions commit in another order than they begin. So a reader goes
 * on from the oldest that was under way, reads some rows twice, and misses none.
 */

/** The transaction under way, for the column `changed_tx`. */
export const currentTx = sql<number>`pg_current_xact_id()::text::bigint`;

/** How far a table can be followed by now. */
export interface Horizon {
  /** All transactions before this one have ended: rows they changed are seen by queries from now on. */
  readonly endedTx: number;
  /** Another one where the table was emptied, restored or rewritten: then all of it has to be read again. */
  readonly storage: number;
}
/**
 * True if a copy as of one horizon can be brought to another. It cannot if the table was restored to an earlier time or
 * rewritten, as it has other rows then. Pure.
 */
export const isContinued = (copied: Horizon, present: Horizon): boolean =>
  copied.storage === present.storage && copied.endedTx <= present.endedTx;

/** @param table with its schema; the storage of a partitioned one is that of all its partitions */
export async function horizonOf<T>(db: Reader<T>, table: string): Promise<Horizon> {
  const { rows } = await sql<Horizon>`
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "endedTx",
      coalesce(pg_relation_filenode(${table}::regclass)::bigint,
        (SELECT sum(pg_relation_filenode(inhrelid)::bigint)::bigint FROM pg_inherits WHERE inhparent = ${table}::regclass)
      ) AS storage`.execute(db);
  return rows[0] ?? { endedTx: 0, storage: 0 };
}
