import { countDeadLetters } from "../bus/dead-letters.ts";
import { lagSeconds } from "../bus/outbox.ts";
import { countPending } from "../bus/pending-events.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { metricName } from "../telemetry/names.ts";
import type { HostParts } from "./parts.ts";

/** Measures every service's waiting events and dead letters. */
export function measureEvents({ metrics, environment }: HostParts, service: string, db: Db<KernelTables>): void {
  metrics.gauge("event_lag", "age in seconds of the oldest event that a consumer lacks", ["service"], async () => [
    [await lagSeconds(db, environment.now()), { service }],
  ]);
  metrics.gauge(metricName(service, "dead_events"), "dead letters that wait for an administrator", [], async () => [
    [await countDeadLetters(db), {}],
  ]);
  metrics.gauge(
    metricName(service, "pending_events"),
    "received events that wait for another attempt",
    [],
    async () => [[await countPending(db), {}]],
  );
}

/** For each pool once, by the first of the services that share it. */
export function measurePool({ metrics }: HostParts, service: string, db: Db<KernelTables>): void {
  metrics.gauge("db_pool_in_use", "database connections at work", ["service"], async () => [[db.inUse(), { service }]]);
}
