import type { Config } from "../src/kernel/config/load.ts";
import { migrations } from "../src/services/instance/migrations.ts";
import { recordBackup, type Tables } from "../src/services/instance/store.ts";
import { copyData } from "./backup/copy.ts";
import { loadConfig } from "./compose/config.ts";
import { openServiceDatabase } from "./compose/databases/service-database.ts";

const usage = `npm run backup -- FOLDER [the flags of npm start]
npm run backup -- --done [the flags of npm start]

Copies the data folder of a stopped Kinora into a new folder within FOLDER, and records the time, which the overview of
administration shows.

  --done   copies nothing: records that you have just made a backup in your own way, beside a running server too

Exit codes: 0 done · 1 it could not be done · 2 wrong arguments`;

/** Yields the exit code. */
export async function backup(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  { log, error }: Pick<Console, "log" | "error">,
): Promise<number> {
  const [where = "", ...flags] = argv;
  if (where === "--help" || where === "-h") {
    log(usage);
    return 0;
  }
  if (where === "" || (where.startsWith("-") && where !== "--done")) {
    error(usage);
    return 2;
  }
  const { config } = loadConfig(flags, environment, process.cwd());
  const beganMs = Date.now();
  if (where !== "--done") {
    if (config.db.url !== undefined) {
      error("the database is not in the data folder: back it up with its own tools, then run npm run backup -- --done");
      return 1;
    }
    const name = `kinora-${new Date(beganMs).toISOString().slice(0, 19).replaceAll(":", "-")}`;
    log(`the copy is in ${await copyData(config.data, where, name)}`);
    for (const store of storesElsewhere(config)) log(`not in it, as it is a store of its own: ${store}`);
  }
  const database = await openServiceDatabase<Tables>(config, "instance", migrations);
  try {
    await database.db.tx((tx) => recordBackup(tx, beganMs));
  } finally {
    await database.close();
  }
  log("the backup is recorded");
  return 0;
}

/** The names of stores for files that are not in the data folder. */
const storesElsewhere = ({ blob: { url, stores } }: Config): string[] => [
  ...(url === undefined ? [] : ["default"]),
  ...Object.keys(stores),
];
