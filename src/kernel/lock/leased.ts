import { sql } from "kysely";
import type { Reader, Tx } from "../db/transaction.ts";
import type { Db } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import type { Lease, Locks } from "./port.ts";

/** A holder that crashed or stands still is replaced after this time. */
const usualLeaseMs = 15_000;

interface Settings {
  /** Names this process; stable over restarts, so that it takes its own lease again immediately. */
  readonly owner: string;
  readonly leaseMs?: number;
}

/**
 * Locks as rows of a service's database, leased on its clock: processes that share the tables share the locks, and no
 * connection is held. Within one process a name is held once, for all callers.
 */
export function createLeasedLocks(db: Db<KernelTables>, { owner, leaseMs = usualLeaseMs }: Settings): Locks {
  const heldHere = new Set<string>();
  return {
    async try(name, work) {
      if (heldHere.has(name)) return undefined;
      heldHere.add(name);
      try {
        const askedMs = performance.now();
        const fence = await acquire(db, name, owner, leaseMs);
        if (fence === undefined) return undefined;
        const lost = new AbortController();
        const renewal = setInterval(() => void prolong().catch(() => undefined), leaseMs / 3).unref();
        let validUntil = askedMs + leaseMs;
        const prolong = async () => {
          const askedAt = performance.now();
          if (await renew(db, name, fence, leaseMs)) validUntil = askedAt + leaseMs;
          else lost.abort();
        };
        // A renewal that is not answered must not be waited for.
        const expiry = setInterval(() => performance.now() > validUntil && lost.abort(), leaseMs / 10).unref();
        try {
          return await work({ fence, signal: lost.signal, holds: (tx) => holds(tx, name, fence) } satisfies Lease);
        } finally {
          clearInterval(renewal);
          clearInterval(expiry);
          await release(db, name, fence);
        }
      } finally {
        heldHere.delete(name);
      }
    },
  };
}

/** The fence of the lease taken; undefined where another process holds it. */
async function acquire(db: Reader<KernelTables>, name: string, owner: string, leaseMs: number) {
  // The clock is part of the fence: a commit that a power cut takes back cannot be followed by the same number.
  const { rows } = await sql<{ fence: number }>`
    WITH flush AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO ${kernel.locks} AS held (name, owner, fence, lease_until_ms)
    SELECT ${name}, ${owner}, ${clockMs}, ${clockMs} + ${leaseMs}::bigint FROM flush
    ON CONFLICT (name) DO UPDATE
      SET owner = excluded.owner, fence = greatest(held.fence + 1, excluded.fence), lease_until_ms = excluded.lease_until_ms
      WHERE held.lease_until_ms < ${clockMs} OR held.owner = excluded.owner
    RETURNING fence`.execute(db);
  return rows[0]?.fence;
}

async function renew(db: Reader<KernelTables>, name: string, fence: number, leaseMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    WITH flush AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    UPDATE ${kernel.locks} SET lease_until_ms = ${clockMs} + ${leaseMs}::bigint FROM flush
    WHERE name = ${name} AND fence = ${fence} AND lease_until_ms > 0`.execute(db);
  return numAffectedRows === 1n;
}

/** The row stays, so that fences only grow. */
async function release(db: Reader<KernelTables>, name: string, fence: number): Promise<void> {
  await sql`
    WITH flush AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    UPDATE ${kernel.locks} SET lease_until_ms = 0 FROM flush WHERE name = ${name} AND fence = ${fence}`.execute(db);
}

async function holds(tx: Tx<KernelTables>, name: string, fence: number): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM ${kernel.locks} WHERE name = ${name} AND fence = ${fence} AND lease_until_ms >= ${clockMs} FOR SHARE`.execute(
    tx,
  );
  return rows.length === 1;
}
