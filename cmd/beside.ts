import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../src/kernel/config/load.ts";
import { stepsMissing } from "../src/kernel/db/migrate.ts";
import { type DbAddress, openDb } from "../src/kernel/db/pool.ts";
import { PostgresError, socketOf } from "../src/kernel/postgres.ts";
import type { Databases } from "./databases.ts";

/** Where the database of a service is for whoever comes beside a server; undefined where only a start would open it. */
export async function addressBeside({ db, data }: Config, service: string): Promise<DbAddress | undefined> {
  const own = (db.services as Readonly<Record<string, string | undefined>>)[service];
  if (own !== undefined) return { url: own };
  if (db.url !== undefined) {
    const url = new URL(db.url);
    url.pathname = `/${service}`;
    return { url: url.href };
  }
  const folder = await realpath(data).catch(() => data);
  const host = await socketOf(join(folder, "postgres"));
  return host === undefined ? undefined : { host, user: "kinora", database: service };
}

/** The databases of a server that may be running: nothing is made, and what another version made is refused. */
export const databasesBeside = (config: Config): Pick<Databases, "open" | "close"> => ({
  async open(service, migrations, committed) {
    const address = await addressBeside(config, service);
    if (!address) throw new PostgresError("failed", `the database of ${service} went away`);
    if ((await stepsMissing({ address, service, migrations })) > 0)
      throw new PostgresError("failed", `the database of ${service} is that of an older Kinora: start this one first`);
    return openDb<unknown>(address, { committed, connectionsMax: 4 });
  },
  close: async () => undefined,
});
