import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../../src/kernel/config/load.ts";
import { stepsMissing } from "../../../src/kernel/db/upgrade/migrate.ts";
import { type DbAddress, createDb } from "../../../src/kernel/db/pool.ts";
import type { Db } from "../../../src/kernel/db/port.ts";
import type { KernelTables } from "../../../src/kernel/db/tables.ts";
import type { Plugin } from "../../../src/kernel/host/plugin.ts";
import { schemaFor } from "../../../src/kernel/host/service-schema.ts";
import { PostgresError, socketOf, startPostgres } from "../../../src/kernel/postgres/postgres.ts";
import { type Databases, Pools, sharedAddress } from "./databases.ts";
import { ownAddress } from "../share.ts";

/**
 * The address of a service's database for a command beside a running server; undefined where only a start would open
 * it.
 */
export async function addressBeside(config: Config, service: string): Promise<DbAddress | undefined> {
  const ownPlace = ownAddress(config, service);
  if (ownPlace !== undefined || config.db.url !== undefined) return ownPlace ?? sharedAddress(config, undefined);
  const folder = await realpath(config.data).catch(() => config.data);
  const host = await socketOf(join(folder, "postgres"));
  return host === undefined ? undefined : sharedAddress(config, { host, user: "kinora" });
}

/** The address of a service's database: of the running server, or of one that is started until this is disposed of. */
export async function openAddress(
  config: Config,
  service: string,
): Promise<{ readonly address: DbAddress } & AsyncDisposable> {
  const running = await addressBeside(config, service);
  if (running) return { address: running, [Symbol.asyncDispose]: async () => undefined };
  if (!existsSync(join(config.data, "postgres")))
    throw new PostgresError("failed", `there is no database in ${config.data}: name its data folder with --data`);
  const server = await startPostgres(config.data);
  const address = await addressBeside(config, service);
  if (!address) throw new PostgresError("failed", `the database in ${config.data} did not start`);
  return { address, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** The kernel's tables in the database of a service, which every database has. */
export const openKernelTables = (databases: Pick<Databases, "open">, plugin: Plugin): Promise<Db<KernelTables>> =>
  databases.open(schemaFor(plugin), () => undefined);

/** The databases of a server that may be running: nothing is made, and what another version made is refused. */
export function createRunningDatabases(config: Config): Pick<Databases, "open" | "close"> {
  const pools = new Pools({ connectionsMax: 4 });
  return {
    async open(schema, committed) {
      const { service } = schema;
      const address = await addressBeside(config, service);
      if (!address) throw new PostgresError("failed", `the database of ${service} went away`);
      if ((await stepsMissing({ address, schemas: [schema] })) > 0)
        throw new PostgresError(
          "failed",
          `the database of ${service} is that of an older Kinora: start this one first`,
        );
      return createDb<unknown>(pools.of(address), { service, committed });
    },
    close: () => pools.close(),
  };
}
