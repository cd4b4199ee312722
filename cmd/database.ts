import { ConfigError } from "../src/kernel/config/load.ts";
import { openCommandLog } from "./compose/command-log.ts";
import { loadConfig } from "./compose/config.ts";
import { startEmbeddedDatabase } from "./compose/databases/embedded-database.ts";
import { createShutdown } from "./compose/shutdown.ts";
import { serverSettings } from "./topology/connections.ts";
import { readTopology, topologyOf } from "./topology/topology.ts";

const usage = `npm run database -- [--topology NAME|FILE] [the flags of npm start]

Runs the embedded database of a data folder alone, until it is stopped, with connections for the processes of a topology
(all). Processes of npm run service on the same folder use it. npm start has its own.

Exit codes: 0 stopped · 1 it could not start · 2 wrong arguments`;

/** Settles when the database takes connections; signals stop it. Yields the exit code. */
export async function database(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Pick<Console, "log">,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  const cwd = process.cwd();
  const loaded = loadConfig(argv, environment, cwd);
  const { config } = loaded;
  if (config.db.url !== undefined)
    throw new ConfigError([
      { where: "KINORA_DB_URL", says: "names a database elsewhere: leave it out to run one here" },
    ]);
  const log = openCommandLog(config, "database");
  const stopping = createShutdown(log, { delayMs: 0, stopMsMax: config.server.stopMsMax });
  const settings = serverSettings(readTopology(topologyOf(loaded), cwd), config);
  const server = await startEmbeddedDatabase(config.data, settings, (message, fields) => log.warn(message, fields));
  stopping.last(() => server[Symbol.asyncDispose]());
  stopping.when(server.exited, "the database ended");
  log.info("the database takes connections", { folder: config.data });
  return 0;
}
