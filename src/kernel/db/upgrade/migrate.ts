import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Failpoints } from "../../environment/failpoint.ts";
import { connectionOf, type DbAddress } from "../pool.ts";
import { assertNotMoved } from "../moved.ts";
import { kernelMigrations, schemaOf } from "../tables.ts";
import { concurrentTextsOf, floorOf, isIndex, type MigrationStep, tableOf, textOf } from "./steps.ts";

/**
 * A newer Kinora removed from the database what this version uses; going on could damage it (reliability D11). A newer
 * schema without such a step is no reason: this version works on it.
 */
export class NewerSchema extends Error {
  constructor({ service, at, floor, steps }: Part) {
    super(
      `the database of ${service} is at step ${at}, this version of Kinora knows ${steps.length}, and code must know ${floor} to use it: start the newer version, or restore a backup made before the upgrade`,
    );
    this.name = "NewerSchema";
  }
}

/** One service's schema, and the steps this code knows for it. */
export interface Schema {
  readonly service: string;
  readonly migrations: readonly MigrationStep[];
  readonly partitionKeys?: Readonly<Record<string, string>>;
  /** Tables of the schema that have steps of their own, before those of the service. */
  readonly copies?: readonly { readonly table: string; readonly steps: readonly MigrationStep[] }[];
}
/** A database and the services whose schemas lie in it. */
export interface Database {
  /** The address of the server itself, not of a pooler in front of it. */
  readonly address: DbAddress;
  readonly schemas: readonly Schema[];
}
/** The kernel's own tables, those of each copy and the service's are counted apart. */
export interface Part {
  readonly service: string;
  /** `kernel`, `service`, or the table of a copy. */
  readonly part: string;
  readonly steps: readonly MigrationStep[];
  /** How many steps the schema has; more than `steps` where a newer version was there. */
  readonly at: number;
  /** The least number of steps that code must know to use the schema. */
  readonly floor: number;
}

/**
 * Runs the steps that a database lacks, without a copy of it: for a database without data. A start uses `upgrade`.
 * @returns how many steps were run.
 * @throws NewerSchema when this code is below the floor of a schema.
 */
export async function migrate({ address, schemas }: Database): Promise<number> {
  const client = new pg.Client(connectionOf(address));
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${upgradeLock})`);
    const parts = await partsOf(client, schemas);
    await runSteps(client, parts);
    return missingIn(parts);
  } finally {
    await client.end();
  }
}

/** The lock of a session that alone changes the tables of its database; PostgreSQL frees it when the session ends. */
const upgradeLock = "hashtext('kinora.upgrade')";

/** Takes the lock, unless another session has it. */
export async function tryUpgradeLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>(`SELECT pg_try_advisory_lock(${upgradeLock}) AS mine`);
  return rows[0]?.mine === true;
}

/** How far the parts of each schema have come. @throws NewerSchema when this code is below the floor of one. */
export async function partsOf(client: pg.Client, schemas: readonly Schema[]): Promise<Part[]> {
  const { rows: there } = await client.query<{ service: string }>(
    "SELECT schemaname AS service FROM pg_tables WHERE tablename = 'migrations' AND schemaname = any($1)",
    [schemas.map(({ service }) => service)],
  );
  const selects = there.map(
    // Through JSON, as a development version made this table without `floor`.
    ({ service }) =>
      `SELECT '${service}' AS service, part, step, coalesce((to_jsonb(m) ->> 'floor')::integer, 0) AS floor
       FROM ${schemaOf(service)}.migrations AS m`,
  );
  const { rows: stepRows } =
    selects.length === 0
      ? { rows: [] }
      : await client.query<{ service: string; part: string; step: number; floor: number }>(selects.join(" UNION ALL "));
  const parts = schemas.flatMap(({ service, migrations, copies = [] }) =>
    [
      { part: "kernel", steps: kernelMigrations(service) },
      ...copies.map(({ table, steps }) => ({ part: table, steps })),
      { part: "service", steps: migrations },
    ].map(({ part, steps }): Part => {
      const row = stepRows.find((candidate) => candidate.service === service && candidate.part === part);
      return { service, part, steps, at: row?.step ?? 0, floor: row?.floor ?? 0 };
    }),
  );
  for (const part of parts) if (part.floor > part.steps.length) throw new NewerSchema(part);
  return parts;
}

/**
 * How many steps a database lacks; changes nothing.
 * @throws NewerSchema when this code is below its floor, ConfigError where the tables have moved.
 */
export async function stepsMissing({ address, schemas }: Database): Promise<number> {
  const client = new pg.Client(connectionOf(address));
  await client.connect();
  try {
    await assertNotMoved(
      client,
      schemas.map(({ service }) => service),
    );
    return missingIn(await partsOf(client, schemas));
  } finally {
    await client.end();
  }
}

/** The number of steps that these parts lack. */
export const missingIn = (parts: readonly Part[]): number =>
  parts.reduce((sum, { at, steps }) => sum + Math.max(0, steps.length - at), 0);

/**
 * Runs the steps that a database lacks, under its upgrade lock, each in a transaction. All steps of a new schema are one
 * transaction, so that an interrupted first start leaves whole schemas only.
 */
export async function runSteps(client: pg.Client, parts: readonly Part[], failpoints?: Failpoints): Promise<void> {
  // A role may have limits for its statements; a step takes as long as it needs.
  await client.query("SET statement_timeout = 0");
  for (const [service, ownParts] of Map.groupBy(parts, (part) => part.service)) {
    const missingSteps = ownParts.flatMap(missingStepsOf);
    if (missingSteps.length === 0) continue;
    if (ownParts.every(({ at }) => at === 0)) {
      await inTransaction(client, async () => {
        await createSchema(client, service);
        for (const step of missingSteps) await runStep(client, step, failpoints);
      });
      await failpoints?.hit("migrate.after_commit");
      continue;
    }
    await addFloor(client, service);
    for (const step of missingSteps) {
      await runAlone(client, step, failpoints);
      await failpoints?.hit("migrate.after_commit");
    }
  }
}

interface Step extends Pick<Part, "service" | "part"> {
  readonly step: MigrationStep;
  /** The first step of a part has number 1. */
  readonly number: number;
  /** The floor of the part after this step. */
  readonly floor: number;
}

const missingStepsOf = ({ service, part, steps, at }: Part): Step[] =>
  steps.slice(at).map((step, place) => {
    const number = at + place + 1;
    return { service, part, step, number, floor: floorOf(steps.slice(0, number)) };
  });

const createSchema = (client: pg.Client, service: string) =>
  client.query(`CREATE SCHEMA IF NOT EXISTS ${schemaOf(service)};
    CREATE TABLE IF NOT EXISTS ${schemaOf(service)}.migrations (
      part  TEXT    PRIMARY KEY,
      step  INTEGER NOT NULL,
      floor INTEGER NOT NULL DEFAULT 0
    )`);

/** The column of a table that a development version made. Only its owner may add one. */
async function addFloor(client: pg.Client, service: string): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM information_schema.columns
     WHERE table_schema = $1 AND table_name = 'migrations' AND column_name = 'floor'`,
    [service],
  );
  if (rowCount === 0)
    await client.query(`ALTER TABLE ${schemaOf(service)}.migrations ADD COLUMN floor INTEGER NOT NULL DEFAULT 0`);
}

async function runStep(client: pg.Client, step: Step, failpoints?: Failpoints): Promise<void> {
  await client.query(textOf(step.step));
  await record(client, step);
  await failpoints?.hit("migrate.before_commit");
}

const record = (client: pg.Client, { service, part, number, floor }: Step) =>
  client.query(
    `INSERT INTO ${schemaOf(service)}.migrations (part, step, floor) VALUES ($1, $2, $3)
     ON CONFLICT (part) DO UPDATE SET step = excluded.step, floor = excluded.floor`,
    [part, number, floor],
  );

/** Runs a step of a schema that other processes may be using. */
async function runAlone(client: pg.Client, step: Step, failpoints?: Failpoints): Promise<void> {
  if (!isIndex(step.step)) {
    await retryWhileLocked(() =>
      inTransaction(client, async () => {
        await client.query(`SET LOCAL lock_timeout = ${lockMsMax}`);
        await runStep(client, step, failpoints);
      }),
    );
    return;
  }
  const partitions = await partitionsOf(client, tableOf(step.step));
  for (const text of concurrentTextsOf(schemaOf(step.service), step.step, partitions)) await client.query(text);
  await failpoints?.hit("migrate.before_commit");
  await record(client, step);
}

async function partitionsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', nspname, relname) AS name
     FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE inhparent = $1::regclass AND relispartition ORDER BY 1`,
    [table],
  );
  return rows.map(({ name }) => name);
}

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("BEGIN");
  try {
    await work();
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** A step that waits for a lock of a table holds up every statement behind it, so it gives up and tries again. */
const lockMsMax = 2_000;
const lockAttemptsMax = 20;
const lockPauseMs = 1_000;

async function retryWhileLocked(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLocked(error) || attempt === lockAttemptsMax) throw error;
    }
    await sleep(lockPauseMs);
  }
}
/** SQLSTATE 55P03, `lock_not_available` */
const isLocked = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === "55P03";
