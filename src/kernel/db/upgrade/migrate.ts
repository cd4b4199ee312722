import pg from "pg";
import type { Failpoints } from "../../environment/failpoint.ts";
import { connectionOf, type DbAddress } from "../pool.ts";
import { kernelMigrations, schemaOf } from "../tables.ts";

/** The database was made by a newer Kinora; going on could damage it (reliability D11). */
export class NewerSchema extends Error {
  constructor(service: string, stored: number, knownSteps: number) {
    super(
      `the database of ${service} is at step ${stored}, this version of Kinora knows ${knownSteps}: start the newer version, or restore a backup made before the upgrade`,
    );
    this.name = "NewerSchema";
  }
}

/** One service's schema, and the steps this code knows for it. */
export interface Schema {
  readonly service: string;
  readonly migrations: readonly string[];
  readonly partitionKeys?: Readonly<Record<string, string>>;
  /** Tables of the schema that have steps of their own, before those of the service. */
  readonly copies?: readonly { readonly table: string; readonly steps: readonly string[] }[];
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
  readonly steps: readonly string[];
  /** How many of the steps the schema has. */
  readonly at: number;
}

/**
 * Runs the steps that a database lacks, without a copy of it: for a database without data. A start uses `upgrade`.
 * @returns how many steps were run.
 * @throws NewerSchema when a schema is ahead of this code.
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

/** How far the parts of each schema have come. @throws NewerSchema when one is ahead of this code. */
export async function partsOf(client: pg.Client, schemas: readonly Schema[]): Promise<Part[]> {
  const { rows: there } = await client.query<{ service: string }>(
    "SELECT schemaname AS service FROM pg_tables WHERE tablename = 'migrations' AND schemaname = any($1)",
    [schemas.map(({ service }) => service)],
  );
  const selects = there.map(
    ({ service }) => `SELECT '${service}' AS service, part, step FROM ${schemaOf(service)}.migrations`,
  );
  const { rows: stepRows } =
    selects.length === 0
      ? { rows: [] }
      : await client.query<{ service: string; part: string; step: number }>(selects.join(" UNION ALL "));
  const parts = schemas.flatMap(({ service, migrations, copies = [] }) =>
    [
      { part: "kernel", steps: kernelMigrations(service) },
      ...copies.map(({ table, steps }) => ({ part: table, steps })),
      { part: "service", steps: migrations },
    ].map(({ part, steps }): Part => {
      const at = stepRows.find((row) => row.service === service && row.part === part)?.step ?? 0;
      return { service, part, steps, at };
    }),
  );
  for (const { service, at, steps } of parts) if (at > steps.length) throw new NewerSchema(service, at, steps.length);
  return parts;
}

/** How many steps a database lacks; changes nothing. @throws NewerSchema when it is ahead of this code. */
export async function stepsMissing({ address, schemas }: Database): Promise<number> {
  const client = new pg.Client(connectionOf(address));
  await client.connect();
  try {
    return missingIn(await partsOf(client, schemas));
  } finally {
    await client.end();
  }
}

/** The number of steps that these parts lack. */
export const missingIn = (parts: readonly Part[]): number =>
  parts.reduce((sum, { at, steps }) => sum + steps.length - at, 0);

/**
 * Runs the steps that a database lacks, under its upgrade lock, each in a transaction. All steps of a new schema are one
 * transaction, so that an interrupted first start leaves whole schemas only.
 */
export async function runSteps(client: pg.Client, parts: readonly Part[], failpoints?: Failpoints): Promise<void> {
  for (const [service, ownParts] of Map.groupBy(parts, (part) => part.service)) {
    const missingSteps = ownParts.flatMap(({ part, steps, at }) =>
      steps.slice(at).map((text, place): Step => ({ service, part, text, number: at + place + 1 })),
    );
    if (missingSteps.length === 0) continue;
    const isNew = ownParts.every(({ at }) => at === 0);
    for (const steps of isNew ? [missingSteps] : missingSteps.map((step) => [step])) {
      await client.query("BEGIN");
      if (isNew) await createSchema(client, service);
      for (const step of steps) await runStep(client, step, failpoints);
      await client.query("COMMIT");
      await failpoints?.hit("migrate.after_commit");
    }
  }
}

interface Step extends Pick<Part, "service" | "part"> {
  readonly text: string;
  /** The first step of a part has number 1. */
  readonly number: number;
}

const createSchema = (client: pg.Client, service: string) =>
  client.query(`CREATE SCHEMA IF NOT EXISTS ${schemaOf(service)};
    CREATE TABLE IF NOT EXISTS ${schemaOf(service)}.migrations (part TEXT PRIMARY KEY, step INTEGER NOT NULL)`);

async function runStep(client: pg.Client, { service, part, text, number }: Step, failpoints?: Failpoints) {
  await client.query(text);
  await client.query(
    `INSERT INTO ${schemaOf(service)}.migrations VALUES ($1, $2) ON CONFLICT (part) DO UPDATE SET step = excluded.step`,
    [part, number],
  );
  await failpoints?.hit("migrate.before_commit");
}
