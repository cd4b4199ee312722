import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../src/kernel/config/load.ts";
import { stepsMissing } from "../src/kernel/db/upgrade/migrate.ts";
import { noFailpoints } from "../src/kernel/environment/failpoint.ts";
import { schemaFor } from "../src/kernel/host/service-schema.ts";
import { type Log, silentLog } from "../src/kernel/log/port.ts";
import { PostgresError } from "../src/kernel/postgres/postgres.ts";
import { loadConfig } from "./compose/config.ts";
import { createDatabases } from "./compose/databases/databases.ts";
import { openAddress } from "./compose/databases/running-databases.ts";
import { ownAddress, servicesOf } from "./compose/share.ts";
import { loadPlugins } from "./services.ts";

const usage = `npm run migrate -- [--check] [the flags of npm start]

Brings the tables of all services up to date, or of those of --services. Processes with KINORA_MIGRATE=job wait for it at
their start. Beside running processes it runs what the version before them can bear, without a copy of the database.

  --check   changes nothing and prints what is missing

Exit codes: 0 up to date · 1 steps are missing, or it could not be done · 2 wrong arguments`;

type Output = Pick<Console, "log" | "error">;

/** Yields the exit code. */
export async function migrate(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  const flags = argv.filter((word) => word !== "--check");
  const { config } = loadConfig(flags, environment, process.cwd());
  assertDatabase(config);
  const isDone = flags.length < argv.length ? await check(config, output) : await run(config, output);
  return isDone ? 0 : 1;
}

/** A mistyped folder is not made. */
function assertDatabase(config: Config): void {
  const isElsewhere = servicesOf(config).every((service) => ownAddress(config, service) !== undefined);
  if (config.db.url === undefined && !isElsewhere && !existsSync(join(config.data, "postgres")))
    throw new PostgresError("failed", `there is no database in ${config.data}: name its data folder with --data`);
}

async function check(config: Config, { log }: Output): Promise<boolean> {
  let total = 0;
  // A database that was started for the first service is there for the others.
  await using open = new AsyncDisposableStack();
  for (const schema of (await loadPlugins(servicesOf(config))).map(schemaFor)) {
    const { address } = open.use(await openAddress(config, schema.service));
    const steps = await stepsMissing({ address, schemas: [schema] });
    total += steps;
    if (steps > 0) log(`✖ ${schema.service}: ${steps} steps are missing`);
  }
  log(total === 0 ? "✔ the tables are up to date" : `${total} steps are missing`);
  return total === 0;
}

async function run(config: Config, output: Output): Promise<boolean> {
  const database = await createDatabases(config, { log: logTo(output), failpoints: noFailpoints });
  try {
    const plugins = await loadPlugins(servicesOf(config));
    const steps = await database.missing(plugins);
    await database.upgrade(plugins);
    output.log(steps === 0 ? "✔ the tables are up to date" : `✔ the tables are up to date: ${steps} steps were run`);
    return true;
  } finally {
    await database.close();
  }
}

/** A line for each message, with its fields. */
function logTo({ log }: Output): Log {
  const write = (message: string, fields: object = {}) =>
    log(Object.keys(fields).length === 0 ? message : `${message} ${JSON.stringify(fields)}`);
  return { ...silentLog, info: write, warn: write, error: write };
}
