import { sql } from "kysely";
import { clockMs, kernel, type KernelTables } from "../../db/tables.ts";
import type { Reader, Tx } from "../../db/transaction.ts";
import type { NodeNumber } from "./choice.ts";

/** All numbers that were ever used, the lowest first; no other process takes one before this transaction ends. */
export async function lockNumbers(tx: Tx<KernelTables>): Promise<NodeNumber[]> {
  await sql`LOCK TABLE ${kernel.nodes} IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
  const { rows } = await sql<NodeNumber>`
    SELECT number, holder, fence, lease_until_ms - ${clockMs} AS "leaseLeftMs", tick
    FROM ${kernel.nodes} ORDER BY number`.execute(tx);
  return rows;
}

export interface Hold {
  readonly number: number;
  readonly fence: number;
}

/** Takes a number, whichever process had it. */
export async function take(
  tx: Tx<KernelTables>,
  { number, holder, leaseMs, tick }: { number: number; holder: string; leaseMs: number; tick: number },
): Promise<Hold> {
  const { rows } = await sql<Hold>`
    INSERT INTO ${kernel.nodes} (number, holder, fence, lease_until_ms, tick)
    VALUES (${number}, ${holder}, 1, ${clockMs} + ${leaseMs}::bigint, ${tick})
    ON CONFLICT (number) DO UPDATE SET holder = excluded.holder, fence = nodes.fence + 1, tick = excluded.tick,
                                       lease_until_ms = excluded.lease_until_ms
    RETURNING number, fence`.execute(tx);
  return rows[0] ?? { number, fence: 0 };
}

/** Prolongs the lease and reserves ticks; false if another process has taken the number. */
export async function renew(
  db: Reader<KernelTables>,
  { number, fence }: Hold,
  leaseMs: number,
  tick: number,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE ${kernel.nodes} SET lease_until_ms = ${clockMs} + ${leaseMs}::bigint, tick = greatest(tick, ${tick}::bigint)
    WHERE number = ${number} AND fence = ${fence}`.execute(db);
  return numAffectedRows === 1n;
}

/** Gives a number back. @param tick all ids of this process lie at it or below */
export async function release(db: Reader<KernelTables>, { number, fence }: Hold, tick: number): Promise<void> {
  await sql`
    UPDATE ${kernel.nodes} SET holder = NULL, lease_until_ms = 0, tick = ${tick}
    WHERE number = ${number} AND fence = ${fence}`.execute(db);
}

/** How many numbers are held now. */
export async function heldNumbers(db: Reader<KernelTables>): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    SELECT count(*) AS held FROM ${kernel.nodes} WHERE lease_until_ms > ${clockMs}`.execute(db);
  return rows[0]?.held ?? 0;
}
