import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../../src/kernel/config/load.ts";
import type { Db } from "../../../src/kernel/db/port.ts";
import type { MigrationStep } from "../../../src/kernel/db/upgrade/steps.ts";
import { noFailpoints } from "../../../src/kernel/environment/failpoint.ts";
import { silentLog } from "../../../src/kernel/log/port.ts";
import { PostgresError } from "../../../src/kernel/postgres/postgres.ts";
import { loadPlugins } from "../../services.ts";
import { createDatabases } from "./databases.ts";
import { addressBeside, createRunningDatabases } from "./running-databases.ts";

/** The tables of one service for a command: of a running server, or of the data folder of a stopped one. */
export async function openServiceDatabase<Tables>(
  config: Config,
  service: string,
  migrations: readonly MigrationStep[],
): Promise<{ db: Db<Tables>; close(): Promise<void> }> {
  const schema = { service, migrations };
  const ignoreCommit = () => {};
  if (await addressBeside(config, service)) {
    const beside = createRunningDatabases(config);
    const db = (await beside.open(schema, ignoreCommit)) as Db<Tables>; // The tables its migrations made.
    return {
      db,
      async close() {
        await db.close();
        await beside.close();
      },
    };
  }
  if (!existsSync(join(config.data, "postgres")))
    throw new PostgresError("failed", `there is no database in ${config.data}`);
  const database = await createDatabases(config, { log: silentLog, failpoints: noFailpoints });
  await database.upgrade(await loadPlugins([service]));
  const db = (await database.open(schema, ignoreCommit)) as Db<Tables>; // The tables its migrations made.
  return {
    db,
    async close() {
      await db.close();
      await database.close();
    },
  };
}
