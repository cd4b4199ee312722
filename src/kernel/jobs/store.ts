import { type Selectable, sql } from "kysely";
import type { Id } from "../contract.ts";
import type { Reader, Tx } from "../db/port.ts";
import type { JobRow, KernelTables } from "../db/tables.ts";
import type { JobState, NewJob } from "./port.ts";

type Kernel = Reader<KernelTables>;

export async function insert(
  tx: Tx<KernelTables>,
  row: { id: Id; kind: string; traceId: string; attemptsMax: number; nowMs: number },
  { payload, uniqueKey, priority = 0, delayMs = 0 }: NewJob,
): Promise<Id> {
  const { rows } = await sql<{ id: Id }>`
    INSERT INTO jobs (id, kind, unique_key, payload, priority, attempts_max, due_ms, trace_id, created_at_ms)
    VALUES (${row.id}, ${row.kind}, ${uniqueKey ?? null}, ${JSON.stringify(payload)}, ${priority}, ${row.attemptsMax},
            now_ms() + ${delayMs}::bigint, ${row.traceId}, ${row.nowMs})
    ON CONFLICT (kind, unique_key) WHERE state IN ('queued', 'running') DO UPDATE SET unique_key = excluded.unique_key
    RETURNING id`.execute(tx);
  return rows[0]?.id ?? row.id;
}

export type Claimed = Pick<Selectable<JobRow>, "id" | "payload" | "attempt" | "fence" | "trace_id" | "attempts_max">;

/** Takes up to `limit` due jobs; of several workers each gets others. */
export async function claim(
  db: Kernel,
  kind: string,
  owner: string,
  leaseMs: number,
  limit: number,
): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    UPDATE jobs SET state = 'running', attempt = attempt + 1, fence = fence + 1,
                    lease_owner = ${owner}, lease_until_ms = now_ms() + ${leaseMs}::bigint
    WHERE id = ANY(ARRAY(
      SELECT id FROM jobs WHERE kind = ${kind} AND state = 'queued' AND due_ms <= now_ms()
      ORDER BY priority DESC, due_ms, id LIMIT ${limit} FOR UPDATE SKIP LOCKED))
    RETURNING id, payload, attempt, fence, trace_id, attempts_max`.execute(db);
  return rows;
}

/** Whether the lease still stands after being prolonged. */
export async function heartbeat(
  db: Kernel,
  id: Id,
  fence: number,
  leaseMs: number,
  progress: number,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE jobs SET lease_until_ms = now_ms() + ${leaseMs}::bigint, progress = greatest(progress, ${progress}::integer)
    WHERE id = ${id} AND fence = ${fence} AND state = 'running'`.execute(db);
  return numAffectedRows === 1n;
}

/** Whether this fence still holds the job; nobody else takes it before the transaction ends. */
export async function holds(tx: Tx<KernelTables>, id: Id, fence: number): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM jobs WHERE id = ${id} AND fence = ${fence} AND state = 'running' FOR UPDATE`.execute(tx);
  return rows.length === 1;
}

/** Whether this fence still held the job and the job is now over. */
export async function end(
  tx: Tx<KernelTables>,
  id: Id,
  fence: number,
  state: "done" | "dead",
  error: string | null,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE jobs SET state = ${state}, ended_at_ms = now_ms(), last_error = ${error}, lease_owner = NULL,
                    progress = CASE WHEN ${state} = 'done' THEN 100 ELSE progress END
    WHERE id = ${id} AND fence = ${fence} AND state = 'running'`.execute(tx);
  return numAffectedRows === 1n;
}

export async function retry(db: Kernel, id: Id, fence: number, error: string, delayMs: number): Promise<void> {
  await sql`
    UPDATE jobs SET state = 'queued', due_ms = now_ms() + ${delayMs}::bigint, last_error = ${error}, lease_owner = NULL
    WHERE id = ${id} AND fence = ${fence} AND state = 'running'`.execute(db);
}

/** As {@link retry}, without counting the try. */
export async function putOff(db: Kernel, id: Id, fence: number, reason: string, delayMs: number): Promise<void> {
  await sql`
    UPDATE jobs SET state = 'queued', due_ms = now_ms() + ${delayMs}::bigint, last_error = ${reason}, lease_owner = NULL,
                    attempt = attempt - 1
    WHERE id = ${id} AND fence = ${fence} AND state = 'running'`.execute(db);
}

/** Gives back the jobs a stopped process of this name still holds; the interrupted try counts. */
export async function releaseOwned(db: Kernel, owner: string): Promise<void> {
  await sql`UPDATE jobs SET lease_until_ms = 0 WHERE state = 'running' AND lease_owner = ${owner}`.execute(db);
}

/** Jobs whose worker went silent. Those with tries left are queued again; the others are yielded to be buried. */
export async function expired(db: Kernel, kind: string): Promise<Claimed[]> {
  await sql`
    UPDATE jobs SET state = 'queued', due_ms = now_ms(), lease_owner = NULL, last_error = 'the worker went silent'
    WHERE kind = ${kind} AND state = 'running' AND lease_until_ms < now_ms() AND attempt < attempts_max`.execute(db);
  const { rows } = await sql<Claimed>`
    SELECT id, payload, attempt, fence, trace_id, attempts_max FROM jobs
    WHERE kind = ${kind} AND state = 'running' AND lease_until_ms < now_ms() AND attempt >= attempts_max`.execute(db);
  // A lease that ended between the two statements belongs to the next round: its job has tries left.
  return rows;
}

export async function cancel(db: Kernel, id: Id): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE jobs SET state = 'cancelled', ended_at_ms = now_ms() WHERE id = ${id} AND state IN ('queued', 'running')`.execute(
    db,
  );
  return numAffectedRows === 1n;
}

export async function revive(db: Kernel, id: Id): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE jobs SET state = 'queued', attempt = 0, due_ms = now_ms(), ended_at_ms = NULL, progress = 0
    WHERE id = ${id} AND state = 'dead'`.execute(db);
  return numAffectedRows === 1n;
}

/** Milliseconds until the next queued job is due or the next lease ends; undefined when none waits. */
export async function nextDueMs(db: Kernel, kind: string): Promise<number | undefined> {
  const { rows } = await sql<{ wait: number | null }>`
    SELECT least((SELECT min(due_ms) FROM jobs WHERE kind = ${kind} AND state = 'queued'),
                 (SELECT min(lease_until_ms) FROM jobs WHERE kind = ${kind} AND state = 'running')) - now_ms() AS wait`.execute(
    db,
  );
  return rows[0]?.wait ?? undefined;
}

const state = ["id", "state", "progress", "attempt", "last_error as error"] as const;

export const latest = (db: Kernel, kind: string, uniqueKey: string): Promise<JobState | undefined> =>
  db
    .selectFrom("jobs")
    .select(state)
    .where("kind", "=", kind)
    .where("unique_key", "=", uniqueKey)
    .orderBy("id", "desc")
    .executeTakeFirst();

export const dead = (db: Kernel, limit: number) =>
  db
    .selectFrom("jobs")
    .select([...state, "kind"])
    .where("state", "=", "dead")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

export async function count(db: Kernel, kind: string): Promise<{ queued: number; running: number }> {
  const { rows } = await sql<{ queued: number; running: number }>`
    SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'running') AS running
    FROM jobs WHERE kind = ${kind} AND state IN ('queued', 'running')`.execute(db);
  return rows[0] ?? { queued: 0, running: 0 };
}

/** Whether any job of this database is due now or running. */
export async function busy(db: Kernel): Promise<boolean> {
  const { rows } = await sql<{ busy: boolean }>`
    SELECT EXISTS (SELECT FROM jobs WHERE state = 'running' OR (state = 'queued' AND due_ms <= now_ms())) AS busy`.execute(
    db,
  );
  return rows[0]?.busy === true;
}

const endedKeptMs = 7 * 24 * 3_600_000;
/** Drops what ended well a week ago; dead jobs stay until somebody decides. */
export async function forget(db: Kernel): Promise<void> {
  await sql`DELETE FROM jobs WHERE state IN ('done', 'cancelled') AND ended_at_ms < now_ms() - ${endedKeptMs}::bigint`.execute(
    db,
  );
}
