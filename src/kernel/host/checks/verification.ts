import { sql } from "kysely";
import type { Scrutiny } from "../../blob/verify.ts";
import type { Db } from "../../db/port.ts";
import { kernel, type KernelTables } from "../../db/tables.ts";
import type { RunningService } from "../running-service.ts";

/** An event that has no position while others, this much younger, are in the log. */
const passedOverMs = 3_600_000;
const shownMax = 1_000;

/** Violated invariants of a service: in the kernel's tables, in its projections, in its own rows and bytes. */
export async function* verifyService(
  { started, projections, db }: RunningService,
  scrutiny: Scrutiny,
): AsyncIterable<string> {
  yield* verifyKernel(db);
  for (const projection of projections) yield* projection.drift?.() ?? [];
  yield* started.verify?.(scrutiny) ?? [];
}

/** Violated invariants of the kernel's tables of a service: events and jobs that no process will take up again. */
async function* verifyKernel(db: Db<KernelTables>): AsyncIterable<string> {
  for (const { text } of (await findings.execute(db)).rows) yield text;
}

const findings = sql<{ text: string }>`
  SELECT 'the event ' || type || ' of ' || key || ' was dead-lettered after ' || attempts || ' attempts: ' || last_error AS text
  FROM ${kernel.deadLetters}
  UNION ALL
  SELECT 'the event ' || type || ' of ' || key || ' is not published, and others are an hour younger'
  FROM ${kernel.outbox} WHERE position IS NULL AND created_at_ms < (SELECT max(created_at_ms) FROM ${kernel.outbox}) - ${passedOverMs}::bigint
  UNION ALL
  SELECT 'the job ' || kind || ' ' || id || ' was given up after ' || attempt + lost || ' tries: ' || coalesce(last_error, 'nothing was said')
  FROM ${kernel.jobs} WHERE state = 'dead'
  UNION ALL
  SELECT 'the job ' || kind || ' ' || id || ' runs and nobody has its lease'
  FROM ${kernel.jobs} WHERE state = 'running' AND (lease_owner IS NULL OR fence = 0 OR attempt > attempts_max)
  LIMIT ${shownMax}`;
