import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../src/kernel/config/load.ts";
import type { Db } from "../../src/kernel/db/port.ts";
import { noFailpoints } from "../../src/kernel/environment/failpoint.ts";
import { silentLog } from "../../src/kernel/log/port.ts";
import { PostgresError } from "../../src/kernel/postgres/postgres.ts";
import { loadPlugins } from "../services.ts";
import { databases } from "./databases.ts";
import { addressBeside, databasesBeside } from "./running-databases.ts";

/** The tables of one service for a command: of a running server, or of the data folder of a stopped one. */
export async function serviceDatabase<Tables>(
  config: Config,
  service: string,
  migrations: readonly string[],
): Promise<{ db: Db<Tables>; close(): Promise<void> }> {
  const schema = { service, migrations };
  const ignoreCommit = () => {};
  if (await addressBeside(config, service)) {
    const beside = databasesBeside(config);
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
  const database = await databases(config, { log: silentLog, failpoints: noFailpoints });
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
