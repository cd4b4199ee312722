import type { Id, Reader, Tx } from "#kernel";
import { type Generated, sql } from "kysely";
import type { Labels, MonitoredComponent, MonitoredProcessChange as Change, Sample } from "./contract.ts";
import type { ReportedProcess } from "./health.ts";
import { isGauge } from "./known-metrics.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  "monitor.processes": {
    id: string;
    host: string;
    version: string;
    services: string[];
    started_at_ms: number;
    state: ReportedProcess["state"];
    cpu: number;
    memory_bytes: number;
    connections: number;
    event_loop_lag_ms: number;
    components: MonitoredComponent[];
    reported_at_ms: number;
    /** False once it was announced as away. */
    is_present: Generated<boolean>;
  };
  /** Processes that appeared and disappeared, for a week. */
  "monitor.changes": {
    id: Id;
    at_ms: number;
    change: Change["change"];
    process: string;
    host: string;
    version: string;
    services: string[];
  };
  /** At most one row. */
  "monitor.status": {
    id: Generated<boolean>;
    status: "ok" | "degraded" | "down";
    since_ms: number;
    /** The last hour whose minutes are in `hours`. */
    last_rolled_up: Generated<number>;
  };
  /** The values of an hour since 1970 by minutes; null where there was no report. Labels are JSON in one order. */
  "monitor.minutes": {
    hour: number;
    name: string;
    labels: string;
    process: string;
    is_gauge: boolean;
    points: (number | null)[];
  };
  /** As minutes, of a day by hours. */
  "monitor.hours": { day: number; name: string; labels: string; process: string; points: (number | null)[] };
}
type Db = Reader<Tables>;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const minutesKeptMs = 7 * dayMs;
export const hoursKeptMs = 90 * dayMs;
/** A process that is away for longer is forgotten: it may have been replaced by one of another name. */
const processesKeptMs = hourMs;

export async function processes(db: Db): Promise<ReportedProcess[]> {
  return db
    .selectFrom("monitor.processes")
    .select([
      "id",
      "host",
      "version",
      "services",
      "started_at_ms as startedAtMs",
      "state",
      "cpu",
      "memory_bytes as memoryBytes",
      "connections",
      "event_loop_lag_ms as eventLoopLagMs",
      "components",
      "reported_at_ms as reportedAtMs",
    ])
    .orderBy("id")
    .execute();
}

/** The last report of a process, locked. */
export const lockProcess = (tx: Tx<Tables>, id: string) =>
  tx
    .selectFrom("monitor.processes")
    .select([
      "id",
      "host",
      "version",
      "services",
      "started_at_ms as startedAtMs",
      "components",
      "is_present as isPresent",
    ])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();

export async function saveProcess(tx: Tx<Tables>, row: ReportedProcess): Promise<void> {
  await sql`
    INSERT INTO monitor.processes AS stored (id, host, version, services, started_at_ms, state, cpu, memory_bytes, connections,
                                             event_loop_lag_ms, components, reported_at_ms)
    VALUES (${row.id}, ${row.host}, ${row.version}, ${[...row.services]}::text[], ${row.startedAtMs}, ${row.state}, ${row.cpu},
            ${row.memoryBytes}, ${row.connections}, ${row.eventLoopLagMs}, ${JSON.stringify(row.components)}::jsonb,
            ${row.reportedAtMs})
    ON CONFLICT (id) DO UPDATE SET (host, version, services, started_at_ms, state, cpu, memory_bytes, connections,
                                    event_loop_lag_ms, components, reported_at_ms, is_present)
      = (excluded.host, excluded.version, excluded.services, excluded.started_at_ms, excluded.state, excluded.cpu,
         excluded.memory_bytes, excluded.connections, excluded.event_loop_lag_ms, excluded.components, excluded.reported_at_ms,
         true)`.execute(tx);
}

export const removeProcess = (tx: Tx<Tables>, id: string) =>
  tx.deleteFrom("monitor.processes").where("id", "=", id).execute();

/** Marks processes as absent that have not reported since, and yields them. */
export const markAway = (tx: Tx<Tables>, beforeMs: number) =>
  tx
    .updateTable("monitor.processes")
    .set({ is_present: false })
    .where("is_present", "=", true)
    .where("reported_at_ms", "<", beforeMs)
    .returning(["id", "host", "version", "services"])
    .execute();

export const addChange = (tx: Tx<Tables>, row: Tables["monitor.changes"]) =>
  tx
    .insertInto("monitor.changes")
    .values({ ...row, services: [...row.services] })
    .execute();

/** The newest first. */
export const changes = (db: Db, limit: number): Promise<Change[]> =>
  db
    .selectFrom("monitor.changes")
    .select(["at_ms as atMs", "change", "process", "host", "version", "services"])
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

export const status = (db: Db) =>
  db.selectFrom("monitor.status").select(["status", "since_ms as sinceMs"]).executeTakeFirst();

/** Keeps the time of the last change. */
export async function saveStatus(
  tx: Tx<Tables>,
  current: Tables["monitor.status"]["status"],
  nowMs: number,
): Promise<void> {
  await sql`
    INSERT INTO monitor.status AS stored (status, since_ms) VALUES (${current}, ${nowMs})
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, since_ms = excluded.since_ms
      WHERE stored.status <> excluded.status`.execute(tx);
}

const labelsText = (labels: Labels): string =>
  JSON.stringify(Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))));

/** Adds the samples of a minute: counters grow within it, of gauges the last value counts. */
export async function addSamples(
  tx: Tx<Tables>,
  process: string,
  nowMs: number,
  samples: readonly Sample[],
): Promise<void> {
  if (samples.length === 0) return;
  const [hour, minute] = [Math.floor(nowMs / hourMs), Math.floor((nowMs % hourMs) / 60_000) + 1];
  await sql`
    INSERT INTO monitor.minutes AS stored (hour, name, labels, process, is_gauge, points)
    SELECT ${hour}::bigint, name, labels, ${process}::text, is_gauge,
      array_fill(NULL::float8, ARRAY[${minute}::int - 1]) || value || array_fill(NULL::float8, ARRAY[60 - ${minute}::int])
    FROM unnest(${samples.map(({ name }) => name)}::text[], ${samples.map(({ labels }) => labelsText(labels))}::text[],
                ${samples.map(({ value }) => value)}::float8[], ${samples.map(({ name }) => isGauge(name))}::bool[])
      AS sample (name, labels, value, is_gauge)
    ORDER BY name, labels
    ON CONFLICT (name, hour, labels, process) DO UPDATE SET points[${minute}::int] = CASE
      WHEN stored.is_gauge THEN excluded.points[${minute}::int]
      ELSE coalesce(stored.points[${minute}::int], 0) + excluded.points[${minute}::int] END`.execute(tx);
}

interface Row {
  readonly name: string;
  readonly labels: string;
  readonly process: string;
  /** When the first of its points begins. */
  readonly beginsMs: number;
  readonly points: readonly (number | null)[];
}

/** Rows by minutes of the hours from `from` to `to`, both included. */
export async function minutes(db: Db, names: readonly string[], from: number, to: number): Promise<Row[]> {
  const rows = await db
    .selectFrom("monitor.minutes")
    .select(["name", "labels", "process", "hour", "points"])
    .where(sql<boolean>`name = ANY(${[...names]}::text[])`)
    .where("hour", ">=", from)
    .where("hour", "<=", to)
    .orderBy("hour")
    .execute();
  return rows.map(({ hour, ...row }) => ({ ...row, beginsMs: hour * hourMs }));
}

/** As {@link minutes}, by hours of days. */
export async function hours(db: Db, names: readonly string[], from: number, to: number): Promise<Row[]> {
  const rows = await db
    .selectFrom("monitor.hours")
    .select(["name", "labels", "process", "day", "points"])
    .where(sql<boolean>`name = ANY(${[...names]}::text[])`)
    .where("day", ">=", from)
    .where("day", "<=", to)
    .orderBy("day")
    .execute();
  return rows.map(({ day, ...row }) => ({ ...row, beginsMs: day * dayMs }));
}

export async function lastRolledUp(db: Db): Promise<number> {
  const row = await db.selectFrom("monitor.status").select("last_rolled_up as hour").executeTakeFirst();
  return row?.hour ?? 0;
}

/** Sums or means of the minutes of an hour become its value in `hours`; again for an hour that has one. */
export async function rollUp(tx: Tx<Tables>, hour: number): Promise<void> {
  const [day, place] = [Math.floor(hour / 24), (hour % 24) + 1];
  await sql`
    INSERT INTO monitor.hours AS stored (day, name, labels, process, points)
    SELECT ${day}::bigint, name, labels, process,
      array_fill(NULL::float8, ARRAY[${place}::int - 1]) || value || array_fill(NULL::float8, ARRAY[24 - ${place}::int])
    FROM (
      SELECT name, labels, process,
        (SELECT CASE WHEN is_gauge THEN avg(point) ELSE sum(point) END FROM unnest(points) AS point) AS value
      FROM monitor.minutes WHERE hour = ${hour}) AS rolled
    WHERE value IS NOT NULL
    ON CONFLICT (name, day, labels, process) DO UPDATE SET points[${place}::int] = excluded.points[${place}::int]`.execute(
    tx,
  );
  await sql`
    INSERT INTO monitor.status AS stored (status, since_ms, last_rolled_up) VALUES ('ok', ${(hour + 1) * hourMs}, ${hour})
    ON CONFLICT (id) DO UPDATE SET last_rolled_up = excluded.last_rolled_up
      WHERE stored.last_rolled_up < excluded.last_rolled_up`.execute(tx);
}

/** The first hour after `after` and before `before` that has minutes. */
export async function nextHour(db: Db, after: number, before: number): Promise<number | undefined> {
  const { hour } = await db
    .selectFrom("monitor.minutes")
    .select((eb) => eb.fn.min("hour").as("hour"))
    .where("hour", ">", after)
    .where("hour", "<", before)
    .executeTakeFirstOrThrow();
  return hour ?? undefined;
}

/** Deletes what is older than it is kept. */
export async function forgetOld(tx: Tx<Tables>, nowMs: number): Promise<void> {
  await tx
    .deleteFrom("monitor.minutes")
    .where("hour", "<", Math.floor((nowMs - minutesKeptMs) / hourMs))
    .execute();
  await tx
    .deleteFrom("monitor.changes")
    .where("at_ms", "<", nowMs - minutesKeptMs)
    .execute();
  await tx
    .deleteFrom("monitor.hours")
    .where("day", "<", Math.floor((nowMs - hoursKeptMs) / dayMs))
    .execute();
}

export const forgetProcesses = (tx: Tx<Tables>, nowMs: number) =>
  tx
    .deleteFrom("monitor.processes")
    .where("reported_at_ms", "<", nowMs - processesKeptMs)
    .execute();
