import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Failpoints } from "../failpoint.ts";
import { connectionOf, type DbAddress } from "./pool.ts";
import { kernelMigrations } from "./tables.ts";

/** The database was made by a newer Kinora; going on could damage it (reliability D11). */
export class NewerSchema extends Error {
  constructor(service: string, found: number, known: number) {
    super(
      `the database of ${service} is at step ${found}, this version of Kinora knows ${known}: start the newer version, or restore a backup made before the upgrade`,
    );
    this.name = "NewerSchema";
  }
}

/** One service's database, and the steps this code knows for it. */
export interface Schema {
  readonly address: DbAddress;
  readonly service: string;
  readonly migrations: readonly string[];
}
/** The kernel's own tables and the service's are counted apart. */
export interface Part {
  readonly part: "kernel" | "service";
  readonly steps: readonly string[];
  /** How many of the steps the database has. */
  readonly at: number;
}

/**
 * Brings one service's database up to date, one step a transaction, under a lock: of several processes one migrates.
 * @throws NewerSchema when the database is ahead of this code.
 */
export async function migrate(schema: Schema, failpoints?: Failpoints): Promise<number> {
  const client = await lock(schema.address);
  try {
    await client.query("CREATE TABLE IF NOT EXISTS migration (part TEXT PRIMARY KEY, step INTEGER NOT NULL)");
    return await climb(client, await partsOf(client, schema), failpoints);
  } finally {
    await client.end();
  }
}

const lookAgainMs = 50;

/**
 * The one connection that may change a database's tables, until it ends. Who waits is not connected meanwhile: a
 * database that others are connected to cannot be copied.
 */
export async function lock(address: DbAddress): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client(connectionOf(address));
    let isMine = false;
    try {
      await client.connect();
      const { rows } = await client.query<{ mine: boolean }>(
        "SELECT pg_try_advisory_lock(hashtext('kinora.migrate')) AS mine",
      );
      isMine = rows[0]?.mine === true;
      if (isMine) return client;
    } finally {
      if (!isMine) await client.end();
    }
    await sleep(lookAgainMs);
  }
}

/** How far the two parts have come. @throws NewerSchema when either is ahead of this code. */
export async function partsOf(client: pg.Client, { service, migrations }: Schema): Promise<Part[]> {
  const { rows } = await client.query<{ part: string; step: number }>("SELECT part, step FROM migration");
  const known = [
    { part: "kernel", steps: kernelMigrations },
    { part: "service", steps: migrations },
  ] as const;
  const parts = known.map((one) => ({ ...one, at: rows.find(({ part }) => part === one.part)?.step ?? 0 }));
  for (const { at, steps } of parts) if (at > steps.length) throw new NewerSchema(service, at, steps.length);
  return parts;
}

/** How many steps a database lacks; changes nothing. @throws NewerSchema when it is ahead of this code. */
export async function stepsMissing(schema: Schema): Promise<number> {
  const client = new pg.Client(connectionOf(schema.address));
  await client.connect();
  try {
    const parts = await partsOf(client, schema);
    return parts.reduce((sum, { at, steps }) => sum + steps.length - at, 0);
  } finally {
    await client.end();
  }
}

/** Runs the steps a database does not have yet, and yields how many those were. */
export async function climb(client: pg.Client, parts: readonly Part[], failpoints?: Failpoints): Promise<number> {
  let done = 0;
  for (const { part, steps, at } of parts) {
    for (const [index, step] of steps.entries()) {
      if (index < at) continue;
      await client.query("BEGIN");
      await client.query(step);
      await client.query(
        "INSERT INTO migration VALUES ($1, $2) ON CONFLICT (part) DO UPDATE SET step = excluded.step",
        [part, index + 1],
      );
      await failpoints?.hit("migrate.before_commit");
      await client.query("COMMIT");
      await failpoints?.hit("migrate.after_commit");
      done += 1;
    }
  }
  return done;
}
