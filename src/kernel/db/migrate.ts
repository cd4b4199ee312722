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
    for (const [part, steps] of [
      ["kernel", kernelMigrations],
      ["service", migrations],
    ] as const) {
      const { rows } = await client.query<{ step: number }>("SELECT step FROM migration WHERE part = $1", [part]);
      const at = rows[0]?.step ?? 0;
      if (at > steps.length) throw new NewerSchema(service, at, steps.length);
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
        done += 1;
      }
    }
    return done;
  } finally {
    await client.end();
  }
}
