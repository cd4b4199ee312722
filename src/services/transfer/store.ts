import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { clockMs } from "#kernel/db/tables";
import { type Generated, sql, type Updateable } from "kysely";
import type { SpaceRelease, Transfer } from "./contract.ts";
import type { Reason } from "./worker/operations.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  "transfer.transfers": {
    id: Id;
    kind: Transfer["kind"];
    from_store: string | null;
    to_store: string | null;
    space: Transfer["space"];
    user_id: Id | null;
    older_than_ms: number | null;
    larger_than_bytes: number | null;
    bytes_per_second: number | null;
    /** Days since 1970 of a transfer that collects single objects: those of a day are one transfer. */
    day: number | null;
    /** The number of a regular scrub of its store, from 1; null for all other transfers. */
    scrub_no: Generated<number | null>;
    status: Transfer["status"];
    is_planned: Generated<boolean>;
    objects_total: Generated<number>;
    bytes_total: Generated<number>;
    objects_done: Generated<number>;
    /** The bytes of objects that are done or have a good copy. */
    bytes_done: Generated<number>;
    objects_copied: Generated<number>;
    objects_failed: Generated<number>;
    objects_skipped: Generated<number>;
    objects_repaired: Generated<number>;
    /** For display: nothing depends on it. */
    bytes_under_way: Generated<number>;
    reason: Generated<string | null>;
    requested_by: Id | null;
    created_at_ms: number;
    started_at_ms: Generated<number | null>;
    ended_at_ms: Generated<number | null>;
  };
  /** The open and the failed objects of a transfer; an object that is done has no row. */
  "transfer.transfer_objects": {
    transfer_id: Id;
    key: string;
    size_bytes: number;
    state: Generated<"waiting" | "copied" | "failed">;
    /** When the copy was written, as its store says. */
    written_at_ms: Generated<number | null>;
    attempts: Generated<number>;
    /** By the database's clock. */
    due_ms: Generated<number>;
    reason: Generated<string | null>;
  };
  /** At most one is running. */
  "transfer.space_releases": {
    id: Id;
    status: Generated<SpaceRelease["status"]>;
    objects: Generated<number>;
    bytes: Generated<number>;
    reason: Generated<string | null>;
    created_at_ms: number;
    ended_at_ms: Generated<number | null>;
  };
}
type Db = Reader<Tables>;

const columns = [
  "id",
  "kind",
  "from_store as from",
  "to_store as to",
  "space",
  "user_id as userId",
  "older_than_ms as olderThanMs",
  "larger_than_bytes as largerThanBytes",
  "bytes_per_second as bytesPerSecond",
  "day",
  "scrub_no as scrubNo",
  "status",
  "is_planned as isPlanned",
  "objects_total as objectsTotal",
  "bytes_total as bytesTotal",
  "objects_done as objectsDone",
  "bytes_done as bytesDone",
  "objects_copied as objectsCopied",
  "objects_failed as objectsFailed",
  "objects_skipped as objectsSkipped",
  "objects_repaired as objectsRepaired",
  "bytes_under_way as bytesUnderWay",
  "reason",
  "created_at_ms as createdAtMs",
  "started_at_ms as startedAtMs",
  "ended_at_ms as endedAtMs",
] as const;

export interface Row {
  readonly id: Id;
  readonly kind: "copy" | "move" | "verify" | "repair";
  readonly space: "media" | "upload" | null;
  readonly status: "paused" | "cancelled" | "failed" | "queued" | "running" | "done";
  readonly from: string | null;
  readonly to: string | null;
  readonly userId: Id | null;
  readonly olderThanMs: number | null;
  readonly largerThanBytes: number | null;
  readonly bytesPerSecond: number | null;
  readonly day: number | null;
  readonly scrubNo: number | null;
  readonly isPlanned: boolean;
  readonly objectsTotal: number;
  readonly bytesTotal: number;
  readonly objectsDone: number;
  readonly bytesDone: number;
  readonly objectsCopied: number;
  readonly objectsFailed: number;
  readonly objectsSkipped: number;
  readonly objectsRepaired: number;
  readonly bytesUnderWay: number;
  readonly reason: string | null;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly objectsBad: number;
}
const all = (db: Db) =>
  db
    .selectFrom("transfer.transfers as transfers")
    .select(columns)
    .select((e) =>
      e
        .selectFrom("transfer.transfer_objects")
        .select(sql<number>`count(*)`.as("count"))
        .whereRef("transfer_id", "=", "transfers.id")
        .where("state", "=", "failed")
        .where("reason", "in", bad)
        .$asScalar()
        .$notNull()
        .as("objectsBad"),
    );
/** Reasons that an object differs from the stored content. */
const bad: readonly Reason[] = ["damaged", "no_good_copy", "missing"];

export const transfer = (db: Db, id: Id) => all(db).where("id", "=", id).executeTakeFirst();
/** As {@link transfer}, locked until the transaction ends. */
export const lock = (tx: Tx<Tables>, id: Id) => all(tx).where("id", "=", id).forUpdate().executeTakeFirst();
export const list = (db: Db, page: PageInput) => pageOf(db, all(db), { created_at_ms: "createdAtMs", id: "id" }, page);

export const insert = (tx: Tx<Tables>, row: Omit<Tables["transfer.transfers"], GeneratedColumn>) =>
  tx.insertInto("transfer.transfers").values(row).execute();
type GeneratedColumn = {
  [C in keyof Tables["transfer.transfers"]]: Tables["transfer.transfers"][C] extends Generated<unknown> ? C : never;
}[keyof Tables["transfer.transfers"]];

/** A transfer that collects single objects on a day. */
export interface DayTransfer {
  /** Its id where it is new. */
  readonly id: Id;
  readonly kind: Transfer["kind"];
  readonly from: string | null;
  readonly to: string | null;
  readonly day: number;
  readonly nowMs: number;
}

/** The transfer of this kind, of these stores and of this day, made where there is none. */
export async function ofDay(
  tx: Tx<Tables>,
  { id, kind, from, to, day, nowMs }: DayTransfer,
): Promise<Pick<Row, "id" | "status">> {
  await sql`
    INSERT INTO transfer.transfers (id, kind, from_store, to_store, day, status, is_planned, created_at_ms)
    VALUES (${id}, ${kind}, ${from}, ${to}, ${day}, 'queued', true, ${nowMs})
    ON CONFLICT (kind, coalesce(to_store, ''), coalesce(from_store, ''), day) WHERE day IS NOT NULL
    DO NOTHING`.execute(tx);
  return tx
    .selectFrom("transfer.transfers as transfers")
    .select(["id", "status"])
    .where("day", "=", day)
    .where("kind", "=", kind)
    .where("to_store", to === null ? "is" : "=", to)
    .where("from_store", from === null ? "is" : "=", from)
    .executeTakeFirstOrThrow();
}

export interface LastScrub {
  readonly status: "paused" | "cancelled" | "failed" | "queued" | "running" | "done";
  readonly createdAtMs: number;
  readonly no: number | null;
}
/** The latest regular scrub of a store. */
export const lastScrub = (db: Db, store: string): Promise<LastScrub | undefined> =>
  db
    .selectFrom("transfer.transfers as transfers")
    .select(["scrub_no as no", "status", "created_at_ms as createdAtMs"])
    .where("from_store", "=", store)
    .where("scrub_no", "is not", null)
    .orderBy("scrub_no", "desc")
    .limit(1)
    .executeTakeFirst();

/** The regular scrub of this number; false where another process has begun it. */
export async function insertScrub(
  tx: Tx<Tables>,
  scrub: { id: Id; store: string; no: number; bytesPerSecond: number; nowMs: number },
): Promise<boolean> {
  const added = await tx
    .insertInto("transfer.transfers")
    .values({
      id: scrub.id,
      kind: "repair",
      from_store: scrub.store,
      to_store: null,
      space: null,
      user_id: null,
      older_than_ms: null,
      larger_than_bytes: null,
      bytes_per_second: scrub.bytesPerSecond,
      day: null,
      scrub_no: scrub.no,
      status: "queued",
      requested_by: null,
      created_at_ms: scrub.nowMs,
    })
    .onConflict((c) => c.columns(["from_store", "scrub_no"]).where("scrub_no", "is not", null).doNothing())
    .returning("id")
    .executeTakeFirst();
  return added !== undefined;
}

/** The given keys that are not planned. */
export async function findUnplanned(db: Db, id: Id, keys: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom("transfer.transfer_objects")
    .select("key")
    .where("transfer_id", "=", id)
    .where("key", "=", (e) => e.fn.any(e.val([...keys])))
    .execute();
  const planned = new Set(rows.map(({ key }) => key));
  return keys.filter((key) => !planned.has(key));
}

/** Queues a transfer that was over again, as an object was added to it. */
export const reopen = (tx: Tx<Tables>, id: Id) =>
  tx
    .updateTable("transfer.transfers as transfers")
    .set({ status: "queued", ended_at_ms: null })
    .where("id", "=", id)
    .where("status", "in", ["done", "failed", "cancelled"])
    .execute();

interface PlannedObject {
  readonly key: string;
  readonly sizeBytes: number;
}
/** Plans objects; those that are planned already stay as they are. Yields how many are new. */
export async function plan(tx: Tx<Tables>, id: Id, objects: readonly PlannedObject[]): Promise<number> {
  const added = await tx
    .insertInto("transfer.transfer_objects")
    .values(objects.map(({ key, sizeBytes }) => ({ transfer_id: id, key, size_bytes: sizeBytes })))
    .onConflict((c) => c.doNothing())
    .returning("size_bytes")
    .execute();
  const bytes = added.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  await sql`UPDATE transfer.transfers SET objects_total = objects_total + ${added.length}::bigint, bytes_total = bytes_total + ${bytes}::bigint
    WHERE id = ${id}`.execute(tx);
  return added.length;
}

export const setPlanned = (tx: Tx<Tables>, id: Id) =>
  tx.updateTable("transfer.transfers as transfers").set({ is_planned: true }).where("id", "=", id).execute();

export interface ObjectRow {
  readonly state: "waiting" | "failed" | "copied";
  readonly key: string;
  readonly sizeBytes: number;
  readonly writtenAtMs: number | null;
  readonly attempts: number;
}
/** Up to `limit` objects that are due. */
export const due = (db: Db, id: Id, limit: number): Promise<ObjectRow[]> =>
  db
    .selectFrom("transfer.transfer_objects")
    .select(["key", "size_bytes as sizeBytes", "state", "written_at_ms as writtenAtMs", "attempts"])
    .where("transfer_id", "=", id)
    .where("state", "!=", "failed")
    .where("due_ms", "<=", clockMs)
    .orderBy("due_ms")
    .orderBy("key")
    .limit(limit)
    .execute();

/** In how many milliseconds the next object is due; undefined where none is left. */
export async function nextDueMs(db: Db, id: Id): Promise<number | undefined> {
  const { rows } = await sql<{ wait: number | null }>`
    SELECT min(due_ms) - ${clockMs} AS wait FROM transfer.transfer_objects
    WHERE transfer_id = ${id} AND state <> 'failed'`.execute(db);
  return rows[0]?.wait ?? undefined;
}

/** Counts of a transfer, changed in the transaction of the row they count. */
async function count(tx: Tx<Tables>, id: Id, by: Partial<Record<Counter, number>>): Promise<void> {
  const increment = (name: Counter) => sql`${sql.ref(name)} = ${sql.ref(name)} + ${by[name] ?? 0}::bigint`;
  const changed = counters.filter((name) => by[name] !== undefined && by[name] !== 0);
  if (changed.length > 0)
    await sql`UPDATE transfer.transfers SET ${sql.join(changed.map(increment))} WHERE id = ${id}`.execute(tx);
}
const counters = [
  "objects_done",
  "bytes_done",
  "objects_copied",
  "objects_failed",
  "objects_skipped",
  "objects_repaired",
] as const;
type Counter = (typeof counters)[number];

/** A good copy is there; the old one is removed after `graceMs`. */
export async function markCopied(
  tx: Tx<Tables>,
  id: Id,
  key: string,
  writtenAtMs: number,
  graceMs: number,
): Promise<void> {
  const { rows } = await sql<{ sizeBytes: number }>`
    UPDATE transfer.transfer_objects SET state = 'copied', written_at_ms = ${writtenAtMs}, attempts = 0, reason = NULL,
                                due_ms = ${clockMs} + ${graceMs}::bigint
    WHERE transfer_id = ${id} AND key = ${key} AND state = 'waiting'
    RETURNING size_bytes AS "sizeBytes"`.execute(tx);
  if (rows[0]) await count(tx, id, { objects_copied: 1, bytes_done: rows[0].sizeBytes });
}

/** Ends the work on an object. */
export async function settle(tx: Tx<Tables>, id: Id, key: string, how: "done" | "repaired" | "skipped"): Promise<void> {
  const row = await tx
    .deleteFrom("transfer.transfer_objects")
    .where("transfer_id", "=", id)
    .where("key", "=", key)
    .returning(["state", "size_bytes as sizeBytes"])
    .executeTakeFirst();
  if (!row) return;
  const wasCopied = row.state === "copied";
  await count(tx, id, {
    [how === "skipped" ? "objects_skipped" : "objects_done"]: 1,
    objects_repaired: how === "repaired" ? 1 : 0,
    objects_copied: wasCopied ? -1 : 0,
    bytes_done: wasCopied ? 0 : row.sizeBytes,
  });
}

/** Retries an object after `againMs`, or gives it up; an object that had a copy is copied again. */
export async function markFailed(
  tx: Tx<Tables>,
  id: Id,
  key: string,
  { reason, againMs }: { readonly reason: string; readonly againMs: number | undefined },
): Promise<void> {
  const { rows } = await sql<{ wasCopied: boolean; sizeBytes: number }>`
    UPDATE transfer.transfer_objects AS o
    SET state = ${againMs === undefined ? "failed" : "waiting"}, attempts = o.attempts + 1, reason = ${reason},
        due_ms = ${clockMs} + ${againMs ?? 0}::bigint
    FROM transfer.transfer_objects AS before
    WHERE o.transfer_id = ${id} AND o.key = ${key} AND o.state <> 'failed'
      AND before.transfer_id = o.transfer_id AND before.key = o.key
    RETURNING before.state = 'copied' AS "wasCopied", o.size_bytes AS "sizeBytes"`.execute(tx);
  const [row] = rows;
  if (!row) return;
  await count(tx, id, {
    objects_failed: againMs === undefined ? 1 : 0,
    objects_copied: row.wasCopied ? -1 : 0,
    bytes_done: row.wasCopied ? -row.sizeBytes : 0,
  });
}

/** Retries failed objects: all of them, or one. */
export async function retryFailed(tx: Tx<Tables>, id: Id, key?: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable("transfer.transfer_objects")
    .set({ state: "waiting", attempts: 0, due_ms: 0 })
    .where("transfer_id", "=", id)
    .where("state", "=", "failed")
    .$if(key !== undefined, (q) => q.where("key", "=", key ?? ""))
    .executeTakeFirst();
  await count(tx, id, { objects_failed: -Number(numUpdatedRows) });
}

export const failures = (db: Db, id: Id, limit: number) =>
  db
    .selectFrom("transfer.transfer_objects")
    .select(["key", "size_bytes as sizeBytes", (e) => e.fn.coalesce("reason", e.val("")).as("reason")])
    .where("transfer_id", "=", id)
    .where("state", "=", "failed")
    .orderBy("key")
    .limit(limit)
    .execute();

/** @param scrubBytesPerSecond the present rate of regular scrubs, whatever it was when this one was begun. */
export async function begin(tx: Tx<Tables>, id: Id, nowMs: number, scrubBytesPerSecond: number): Promise<void> {
  await sql`
    UPDATE transfer.transfers SET status = 'running', started_at_ms = coalesce(started_at_ms, ${nowMs}::bigint), reason = NULL,
      bytes_per_second = CASE WHEN scrub_no IS NULL THEN bytes_per_second ELSE ${scrubBytesPerSecond}::bigint END
    WHERE id = ${id} AND status IN ('queued', 'running')`.execute(tx);
}

/** Stores why a running transfer does not go on. */
export const explain = (tx: Tx<Tables>, id: Id, reason: string) => updateRunning(tx, id, { reason });

export const setBytesUnderWay = (tx: Tx<Tables>, id: Id, sizeBytes: number) =>
  updateRunning(tx, id, { bytes_under_way: sizeBytes });

/** A transfer that was paused or cancelled says nothing of what its worker did afterwards. */
async function updateRunning(
  tx: Tx<Tables>,
  id: Id,
  changes: Pick<Updateable<Tables["transfer.transfers"]>, "reason" | "bytes_under_way">,
): Promise<void> {
  await tx
    .updateTable("transfer.transfers as transfers")
    .set(changes)
    .where("id", "=", id)
    .where("status", "=", "running")
    .execute();
}

/** @param endedAtMs null for a status in which the transfer is not over. */
export const setStatus = (
  tx: Tx<Tables>,
  id: Id,
  status: Tables["transfer.transfers"]["status"],
  { reason = null, endedAtMs = null }: { readonly reason?: string | null; readonly endedAtMs?: number | null } = {},
) =>
  tx
    .updateTable("transfer.transfers as transfers")
    .set({ status, reason, ended_at_ms: endedAtMs, bytes_under_way: 0 })
    .where("id", "=", id)
    .execute();

/** Deletes the objects of a transfer that are neither done nor failed. */
export const deleteOpenObjects = (tx: Tx<Tables>, id: Id) =>
  tx.deleteFrom("transfer.transfer_objects").where("transfer_id", "=", id).where("state", "!=", "failed").execute();

/** No other transfer removes a copy of this object before the transaction ends: two at the same time would leave none. */
export const lockKey = (tx: Tx<Tables>, key: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`transfer.${key}`}, 0))`.execute(tx);

export const deleteEndedBefore = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("transfer.transfers as transfers").where("ended_at_ms", "<", beforeMs).execute();

/** Counts that differ from the rows they count, for `verify`. */
export async function contradictions(db: Db): Promise<{ id: Id; what: string }[]> {
  const { rows } = await sql<{ id: Id; what: string }>`
    SELECT t.id, 'counts ' || t.objects_failed || ' failures and ' || t.objects_copied || ' copies, and has '
        || count(o.key) FILTER (WHERE o.state = 'failed') || ' and ' || count(o.key) FILTER (WHERE o.state = 'copied') AS what
    FROM transfer.transfers AS t LEFT JOIN transfer.transfer_objects AS o ON o.transfer_id = t.id
    WHERE t.status NOT IN ('cancelled')
    GROUP BY t.id
    HAVING t.objects_failed <> count(o.key) FILTER (WHERE o.state = 'failed')
        OR t.objects_copied <> count(o.key) FILTER (WHERE o.state = 'copied')`.execute(db);
  return rows;
}
