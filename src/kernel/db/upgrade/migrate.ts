import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Failpoints } from "../../environment/failpoint.ts";
import type { Log } from "../../log/port.ts";
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

interface Means {
  readonly failpoints?: Failpoints;
  readonly log?: Log;
}

/**
 * Brings the schemas of a database up to date, one step a transaction. Several processes may do so at the same time: each
 * step is run by one of them.
 * @returns how many steps were run here.
 * @throws NewerSchema when a schema is ahead of this code.
 */
export async function migrate({ address, schemas }: Database, { failpoints, log }: Means = {}): Promise<number> {
  const client = new pg.Client(connectionOf(address));
  await client.connect();
  try {
    const parts = await partsOf(client, schemas);
    const steps = missingIn(parts);
    if (steps > 0) log?.info("creating or changing tables", { steps });
    return await runSteps(client, parts, failpoints);
  } finally {
    await client.end();
  }
}

const lookAgainMs = 50;

/**
 * A connection that is alone in upgrading its database, until it ends. A waiting process is not connected, because
 * PostgreSQL copies no database to which others are connected. For the same reason the lock is one of a session and not
 * of a row.
 */
export async function lockForUpgrade(address: DbAddress): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client(connectionOf(address));
    let isMine = false;
    try {
      await client.connect();
      const { rows } = await client.query<{ mine: boolean }>(
        "SELECT pg_try_advisory_lock(hashtext('kinora.upgrade')) AS mine",
      );
      isMine = rows[0]?.mine === true;
      if (isMine) return client;
    } finally {
      if (!isMine) await client.end();
    }
    await sleep(lookAgainMs);
  }
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

const missingIn = (parts: readonly Part[]): number => parts.reduce((sum, { at, steps }) => sum + steps.length - at, 0);

/** Runs the steps a database does not have yet, and yields how many those were. */
export async function runSteps(client: pg.Client, parts: readonly Part[], failpoints?: Failpoints): Promise<number> {
  let done = 0;
  for (const part of parts)
    for (let step = part.at; step < part.steps.length; step++)
      if (await runStep(client, part, step, failpoints)) done += 1;
  return done;
}

/** Returns true if the step was run here, and not by another process at the same time. */
async function runStep(client: pg.Client, { service, part, steps }: Part, step: number, failpoints?: Failpoints) {
  const schema = schemaOf(service);
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`kinora.migrate ${service}`]);
  if (step === 0)
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema};
      CREATE TABLE IF NOT EXISTS ${schema}.migrations (part TEXT PRIMARY KEY, step INTEGER NOT NULL)`);
  const { rows } = await client.query<{ step: number }>(`SELECT step FROM ${schema}.migrations WHERE part = $1`, [
    part,
  ]);
  if ((rows[0]?.step ?? 0) > step) {
    await client.query("ROLLBACK");
    return false;
  }
  await client.query(steps[step] ?? "");
  await client.query(
    `INSERT INTO ${schema}.migrations VALUES ($1, $2) ON CONFLICT (part) DO UPDATE SET step = excluded.step`,
    [part, step + 1],
  );
  await failpoints?.hit("migrate.before_commit");
  await client.query("COMMIT");
  await failpoints?.hit("migrate.after_commit");
  return true;
}
