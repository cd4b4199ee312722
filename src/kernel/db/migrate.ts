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

/**
 * Brings one service's database up to date, one step a transaction, under a lock: of several processes one migrates.
 * The kernel's own tables and the service's are counted apart.
 * @throws NewerSchema when the database is ahead of this code.
 */
export async function migrate(
  address: DbAddress,
  service: string,
  migrations: readonly string[],
  failpoints?: Failpoints,
): Promise<number> {
  const client = new pg.Client(connectionOf(address));
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('kinora.migrate'))");
    await client.query("CREATE TABLE IF NOT EXISTS migration (part TEXT PRIMARY KEY, step INTEGER NOT NULL)");
    let done = 0;
    for (const { part, steps, at } of await positions(client, service, migrations)) {
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
  } finally {
    await client.end();
  }
}

/**
 * Looks at a database before anything is changed in any of them, also where there is none yet.
 * @throws NewerSchema when the database is ahead of this code.
 */
export async function assertKnown(address: DbAddress, service: string, migrations: readonly string[]): Promise<void> {
  const client = new pg.Client(connectionOf(address));
  try {
    await client.connect();
    await positions(client, service, migrations);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !notThere.includes(error.code ?? "")) throw error;
  } finally {
    await client.end();
  }
}
/** SQLSTATE of a database and of a table that does not exist. */
const notThere = ["3D000", "42P01"];

/** How far the two parts have come. @throws NewerSchema when either is ahead of this code. */
async function positions(client: pg.Client, service: string, migrations: readonly string[]) {
  const { rows } = await client.query<{ part: string; step: number }>("SELECT part, step FROM migration");
  const parts = [
    { part: "kernel", steps: kernelMigrations },
    { part: "service", steps: migrations },
  ].map((known) => ({ ...known, at: rows.find(({ part }) => part === known.part)?.step ?? 0 }));
  for (const { at, steps } of parts) if (at > steps.length) throw new NewerSchema(service, at, steps.length);
  return parts;
}
