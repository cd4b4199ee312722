import { sql } from "kysely";
import type { Db } from "../db/port.ts";
import { clockMs, type KernelTables, schemaOf } from "../db/tables.ts";
import type { Log } from "../log/port.ts";

const everyMs = 5_000;

/** A service of this process whose work may become due without an event in this process. */
export interface Swept {
  readonly service: string;
  readonly db: Db<KernelTables>;
  wakeRelay(): void;
  wakeConsumer(): void;
  wakeJobs(): void;
}

export interface Sweep {
  stop(): Promise<void>;
}

/**
 * Looks for due work and wakes its worker: work that another process committed, and work that is due again. One
 * statement per database looks for all services of the process, so that an idle process has one wake-up.
 */
export function startSweep(services: () => readonly Swept[], log: Log): Sweep {
  let round: Promise<void> | undefined;
  const timer = setInterval(() => {
    round ??= sweep(services())
      .catch((error: unknown) => log.warn("the look for due work failed", { err: error }))
      .finally(() => (round = undefined));
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}

async function sweep(services: readonly Swept[]): Promise<void> {
  for (const group of Map.groupBy(services, ({ db }) => db.pool).values()) {
    const [first] = group;
    if (!first) continue;
    const { rows } = await sql<{ service: string; events: boolean; pending: boolean; jobs: boolean }>`
      WITH clock AS MATERIALIZED (SELECT ${clockMs} AS now)
      ${sql.join(group.map(dueOf), sql` UNION ALL `)}`.execute(first.db);
    for (const { service, events, pending, jobs } of rows) {
      const member = group.find((candidate) => candidate.service === service);
      if (events) member?.wakeRelay();
      if (pending) member?.wakeConsumer();
      if (jobs) member?.wakeJobs();
    }
  }
}

function dueOf({ service }: Swept) {
  const schema = sql.raw(schemaOf(service));
  return sql`
    SELECT ${service}::text AS service,
           EXISTS (SELECT FROM ${schema}.outbox) AS events,
           EXISTS (SELECT FROM ${schema}.pending_events WHERE due_ms <= (SELECT now FROM clock)) AS pending,
           EXISTS (SELECT FROM ${schema}.jobs WHERE state = 'queued' AND due_ms <= (SELECT now FROM clock))
             OR EXISTS (SELECT FROM ${schema}.jobs WHERE state = 'running' AND lease_until_ms < (SELECT now FROM clock)) AS jobs`;
}
