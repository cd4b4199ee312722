import { sql } from "kysely";
import type { Reader, Tx } from "../db/transaction.ts";
import type { Id } from "../fields.ts";
import { type Db, leaves } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import type { ClaimedJob, DeadJob, JobState, NewJob, OpenKind } from "./port.ts";

type Kernel = Reader<KernelTables>;

export async function insert(
  tx: Tx<KernelTables>,
  row: { id: Id; kind: string; traceId: string; attemptsMax: number; nowMs: number },
  { payload, uniqueKey, priority = 0, delayMs = 0, ownerId }: NewJob,
): Promise<Id> {
  leaves(tx, `job ${row.kind}`);
  const { rows } = await sql<{ id: Id }>`
    INSERT INTO ${kernel.jobs} (id, kind, unique_key, payload, priority, attempts_max, due_ms, trace_id, created_at_ms, owner_id)
    VALUES (${row.id}, ${row.kind}, ${uniqueKey ?? null}, ${JSON.stringify(payload)}, ${priority}, ${row.attemptsMax},
            ${clockMs} + ${delayMs}::bigint, ${row.traceId}, ${row.nowMs}, ${ownerId ?? null})
    ON CONFLICT (kind, unique_key) WHERE state IN ('queued', 'running') DO UPDATE SET unique_key = excluded.unique_key
    RETURNING id`.execute(tx);
  return rows[0]?.id ?? row.id;
}

/** A claim looks at this many of the next jobs, because other workers may be claiming the first of them right now. */
const firstMax = 16;

/**
 * Takes the next due job of the `open` kinds; of several workers each gets another one. The highest priority goes first;
 * then the owner with the fewest under way in the `pool`, then the longest since a turn with this kind, then the
 * oldest. Without such a job it returns the milliseconds until the next one is due or the next lease ends, or undefined
 * when none waits: most turns of a queue find nothing, and cost one statement.
 *
 * However many wait, only the first jobs of each owner and priority are read: `turns` goes from one to the next in the
 * order of the index. The clock is read once, for a function that changes while it runs is no bound of an index. Lists are
 * selected, not named: a plan for these very lists looks cheaper than one for any, and would be made anew for each claim.
 */
export async function claim(
  db: Kernel,
  open: readonly OpenKind[],
  pool: readonly string[],
  worker: string,
): Promise<{ readonly job: ClaimedJob } | { readonly waitMs: number | undefined }> {
  const kinds = open.map(({ kind }) => kind);
  const leases = open.map(({ leaseMs }) => leaseMs);
  const { rows } = await sql<ClaimedJob & { wait: number | null }>`
    WITH clock AS MATERIALIZED (SELECT ${clockMs} AS now), running AS MATERIALIZED (
      SELECT owner_id, count(*) AS held FROM ${kernel.jobs} WHERE state = 'running' AND kind = ANY((SELECT ${pool}::text[])::text[]) GROUP BY owner_id
    ), turns AS MATERIALIZED (
      SELECT k.kind, of.owner, of.priority,
             coalesce((SELECT held FROM running WHERE owner_id = of.owner), 0) AS held,
             (SELECT r.claimed_at_ms FROM ${kernel.jobs} r
              WHERE r.owner_id = nullif(of.owner, 0) AND r.kind = k.kind
              ORDER BY r.claimed_at_ms DESC LIMIT 1) AS served_ms
      FROM unnest((SELECT ${kinds}::text[])) AS k (kind) CROSS JOIN LATERAL (
        WITH RECURSIVE next AS (
          (SELECT coalesce(owner_id, 0) AS owner, priority FROM ${kernel.jobs}
           WHERE kind = k.kind AND state = 'queued' ORDER BY 1, 2 LIMIT 1)
          UNION ALL
          SELECT after.owner, after.priority FROM next CROSS JOIN LATERAL (
            SELECT coalesce(owner_id, 0) AS owner, priority FROM ${kernel.jobs}
            WHERE kind = k.kind AND state = 'queued' AND (coalesce(owner_id, 0), priority) > (next.owner, next.priority)
            ORDER BY 1, 2 LIMIT 1) AS after
        ) SELECT owner, priority FROM next) AS of
    ), first AS MATERIALIZED (
      SELECT waiting.id, waiting.due_ms, t.priority, t.held, coalesce(t.served_ms, 0) AS served_ms
      FROM turns t CROSS JOIN LATERAL (
        SELECT id, due_ms FROM ${kernel.jobs}
        WHERE kind = t.kind AND coalesce(owner_id, 0) = t.owner AND priority = t.priority AND state = 'queued'
          AND due_ms <= (SELECT now FROM clock)
        ORDER BY due_ms, id LIMIT ${sql.lit(firstMax)}) AS waiting
      ORDER BY priority DESC, held, served_ms, due_ms, id LIMIT ${sql.lit(firstMax)}
    ), claimed AS (
    UPDATE ${kernel.jobs} SET state = 'running', attempt = attempt + 1, fence = fence + 1, lease_owner = ${worker},
                    claimed_at_ms = ${clockMs},
                    lease_until_ms = ${clockMs} + (SELECT ms FROM unnest((SELECT ${kinds}::text[]), (SELECT ${leases}::bigint[])) l (kind, ms)
                                                 WHERE l.kind = jobs.kind)
    WHERE id = ANY(ARRAY(
      SELECT j.id FROM ${kernel.jobs} j JOIN first f ON f.id = j.id
      WHERE j.state = 'queued' AND j.due_ms <= (SELECT now FROM clock)
      ORDER BY f.priority DESC, f.held, f.served_ms, f.due_ms, f.id
      LIMIT 1 FOR UPDATE OF j SKIP LOCKED))
    RETURNING id, kind, payload, attempt, fence, trace_id, attempts_max, created_at_ms)
    SELECT *, NULL::bigint AS wait FROM claimed
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           least((SELECT min(due_ms) FROM ${kernel.jobs} WHERE kind = ANY((SELECT ${kinds}::text[])::text[]) AND state = 'queued'),
                 (SELECT min(lease_until_ms) FROM ${kernel.jobs} WHERE kind = ANY((SELECT ${kinds}::text[])::text[]) AND state = 'running'))
           - (SELECT now FROM clock)
    WHERE NOT EXISTS (SELECT FROM claimed)`.execute(db);
  const [row] = rows;
  return row && row.id !== null ? { job: row } : { waitMs: row?.wait ?? undefined };
}

/** Prolongs the lease; false if it no longer stands. */
export async function heartbeat(
  db: Kernel,
  id: Id,
  fence: number,
  leaseMs: number,
  progress: number,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE ${kernel.jobs} SET lease_until_ms = ${clockMs} + ${leaseMs}::bigint, progress = greatest(progress, ${progress}::integer)
    WHERE id = ${id} AND fence = ${fence} AND state = 'running'`.execute(db);
  return numAffectedRows === 1n;
}

/** True if this fence still holds the job, which no other process takes before the transaction ends. */
export async function holds(tx: Tx<KernelTables>, id: Id, fence: number): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM ${kernel.jobs} WHERE id = ${id} AND fence = ${fence} AND state = 'running' FOR UPDATE`.execute(tx);
  return rows.length === 1;
}

/** The job, if this worker holds it under this fence. */
export async function heldBy(db: Kernel, id: Id, fence: number, owner: string): Promise<ClaimedJob | undefined> {
  const { rows } = await sql<ClaimedJob>`
    SELECT id, kind, payload, attempt, fence, trace_id, attempts_max, created_at_ms FROM ${kernel.jobs}
    WHERE id = ${id} AND fence = ${fence} AND state = 'running' AND lease_owner = ${owner}`.execute(db);
  return rows[0];
}

/** Ends the job, and returns true if this fence still held it. */
export async function end(
  tx: Tx<KernelTables>,
  id: Id,
  fence: number,
  state: "done" | "dead",
  error: string | null,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE ${kernel.jobs} SET state = ${state}, ended_at_ms = ${clockMs}, last_error = ${error}, lease_owner = NULL,
                    progress = CASE WHEN ${state} = 'done' THEN 100 ELSE progress END
    WHERE id = ${id} AND fence = ${fence} AND state = 'running'`.execute(tx);
  return numAffectedRows === 1n;
}

export async function retry(db: Kernel, id: Id, fence: number, error: string, delayMs: number): Promise<void> {
  await sql`
    UPDATE ${kernel.jobs} SET state = 'queued', due_ms = ${clockMs} + ${delayMs}::bigint, last_error = ${error}, lease_owner = NULL
    WHERE id = ${id} AND fence = ${fence} AND state = 'running'`.execute(db);
}

/** As {@link retry}, without counting the try. */
export async function putOff(db: Kernel, id: Id, fence: number, reason: string, delayMs: number): Promise<void> {
  await sql`
    UPDATE ${kernel.jobs} SET state = 'queued', due_ms = ${clockMs} + ${delayMs}::bigint, last_error = ${reason}, lease_owner = NULL,
                    attempt = attempt - 1
    WHERE id = ${id} AND fence = ${fence} AND state = 'running'`.execute(db);
}

/** Gives back the jobs a stopped process of this name still holds. */
export async function releaseOwned(db: Kernel, owner: string): Promise<void> {
  await sql`UPDATE ${kernel.jobs} SET lease_until_ms = 0 WHERE state = 'running' AND lease_owner = ${owner}`.execute(
    db,
  );
}

/**
 * A worker that went silent is seldom the fault of its job, so it costs no try; but what ends its worker each time, by its
 * hunger for memory perhaps, must not go on for ever.
 */
export const lostMax = 8;

/**
 * The rest of a job that was lost: 5 s, 20 s, then a minute, each between half and the whole of it. So it does not end
 * its worker again immediately. A process that is killed many times in a row also does not exhaust the tries of its
 * current jobs.
 */
const pauseMs = sql<number>`CASE WHEN lost = 0 THEN 0 ELSE least(5000 * 4 ^ (lost - 1), 60000) * (0.5 + random() / 2) END::bigint`;

/** Jobs whose worker went silent. They are queued again; those that were lost too often are yielded to be given up. */
export async function requeueExpired(db: Kernel, kinds: readonly string[]): Promise<ClaimedJob[]> {
  // Both halves see the same rows and the same clock.
  const { rows } = await sql<ClaimedJob>`
    WITH expired AS MATERIALIZED (
      SELECT id, lost AS earlier FROM ${kernel.jobs}
      WHERE kind = ANY(${kinds}::text[]) AND state = 'running' AND lease_until_ms < ${clockMs}
    ), requeued AS (
      UPDATE ${kernel.jobs} j SET state = 'queued', due_ms = ${clockMs} + ${pauseMs}, lease_owner = NULL,
                      last_error = 'the worker went silent', attempt = attempt - 1, lost = lost + 1
      FROM expired e WHERE j.id = e.id AND e.earlier < ${lostMax - 1} AND j.state = 'running' AND j.lease_until_ms < ${clockMs}
    )
    SELECT id, kind, payload, attempt, fence, trace_id, attempts_max, created_at_ms FROM ${kernel.jobs}
    JOIN expired USING (id) WHERE earlier >= ${lostMax - 1}`.execute(db);
  return rows;
}

export async function cancel(db: Kernel, id: Id): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE ${kernel.jobs} SET state = 'cancelled', ended_at_ms = ${clockMs} WHERE id = ${id} AND state IN ('queued', 'running')`.execute(
    db,
  );
  return numAffectedRows === 1n;
}

/** See the port. A worker that ends one of these jobs and adds another has committed once this has waited for it. */
export async function cancelAll(tx: Tx<KernelTables>, kinds: readonly string[], uniqueKey: string): Promise<number> {
  let cancelled = 0;
  for (;;) {
    const { rows } = await sql<{ id: Id }>`
      SELECT id FROM ${kernel.jobs} WHERE kind = ANY(${kinds}::text[]) AND unique_key = ${uniqueKey}
        AND state IN ('queued', 'running') ORDER BY id`.execute(tx);
    if (rows.length === 0) return cancelled;
    const { numAffectedRows = 0n } = await sql`
      UPDATE ${kernel.jobs} SET state = 'cancelled', ended_at_ms = ${clockMs}, lease_owner = NULL
      WHERE id = ANY(${rows.map(({ id }) => id)}::bigint[]) AND state IN ('queued', 'running')`.execute(tx);
    cancelled += Number(numAffectedRows);
  }
}

/** Further writes in the transaction that decides about a dead job of this kind. */
type Also = (tx: Tx<KernelTables>, kind: string) => Promise<void>;

/** See the port. It waits for a transaction that adds a job with its key meanwhile. */
export async function revive(db: Db<KernelTables>, id: Id, also: Also): Promise<"revived" | "taken" | "gone"> {
  try {
    return await db.tx(async (tx) => {
      const { rows } = await sql<{ kind: string }>`
        UPDATE ${kernel.jobs} SET state = 'queued', attempt = 0, lost = 0, due_ms = ${clockMs}, ended_at_ms = NULL, progress = 0
        WHERE id = ${id} AND state = 'dead' RETURNING kind`.execute(tx);
      for (const { kind } of rows) {
        leaves(tx, `job ${kind}`);
        await also(tx, kind);
      }
      return rows.length === 1 ? "revived" : "gone";
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === uniqueViolation) return "taken";
    throw error;
  }
}
const uniqueViolation = "23505";

export const discard = (db: Db<KernelTables>, id: Id, also: Also): Promise<boolean> =>
  db.tx(async (tx) => {
    const { rows } = await sql<{ kind: string }>`
      UPDATE ${kernel.jobs} SET state = 'cancelled' WHERE id = ${id} AND state = 'dead' RETURNING kind`.execute(tx);
    for (const { kind } of rows) await also(tx, kind);
    return rows.length === 1;
  });

const state = ["id", "state", "progress", "attempt", "last_error as error"] as const;

export const latest = (db: Kernel, kind: string, uniqueKey: string): Promise<JobState | undefined> =>
  db
    .selectFrom("jobs")
    .select(state)
    .where("kind", "=", kind)
    .where("unique_key", "=", uniqueKey)
    .orderBy("id", "desc")
    .executeTakeFirst();

export async function dead(db: Kernel, limit: number, before: Id = Number.MAX_SAFE_INTEGER): Promise<DeadJob[]> {
  const { rows } = await sql<DeadJob>`
    SELECT id, kind, attempt + lost AS tries, last_error AS error, owner_id AS "ownerId", created_at_ms AS "createdAtMs",
           coalesce(ended_at_ms, created_at_ms) AS "diedAtMs"
    FROM ${kernel.jobs} WHERE state = 'dead' AND id < ${before} ORDER BY id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

export async function count(db: Kernel, kind: string): Promise<{ queued: number; running: number }> {
  const { rows } = await sql<{ queued: number; running: number }>`
    SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'running') AS running
    FROM ${kernel.jobs} WHERE kind = ${kind} AND state IN ('queued', 'running')`.execute(db);
  return rows[0] ?? { queued: 0, running: 0 };
}

const endedKeptMs = 7 * 24 * 3_600_000;
/** Drops what ended well a week ago; dead jobs stay until an administrator decides. */
export async function forget(db: Kernel): Promise<void> {
  await sql`DELETE FROM ${kernel.jobs} WHERE state IN ('done', 'cancelled') AND ended_at_ms < ${clockMs} - ${endedKeptMs}::bigint`.execute(
    db,
  );
}
