import type { Db } from "../src/kernel/db/port.ts";
import { evaluationOf } from "../src/services/recommend/evaluation/evaluation.ts";
import { reportOf } from "../src/services/recommend/evaluation/report.ts";
import { migrations } from "../src/services/recommend/migrations.ts";
import type { Tables } from "../src/services/recommend/store.ts";
import { loadConfig } from "./compose/config.ts";
import { createRunningDatabases, openAddress } from "./compose/databases/running-databases.ts";

const usage = `npm run evaluate -- [the flags of npm start]

Says how well the personal feed does, by the log of this instance: how much of what users liked later the model, co-visits,
the most watched and the newest videos find; what a place of the feed is worth as it was served, and would be with the
highest score or the most watched video first; and what it is worth by model. docs/feeds.md explains the figures.

Reads one snapshot and changes nothing. Works beside a running server and without one.

Exit codes: 0 done · 1 it could not be done · 2 asked wrongly`;

/** Yields the exit code. */
export async function evaluate(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  { log }: Pick<Console, "log">,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    log(usage);
    return 0;
  }
  const { config } = loadConfig(argv, environment, process.cwd());
  await using _server = await openAddress(config, "recommend");
  const databases = createRunningDatabases(config);
  try {
    const schema = { service: "recommend", migrations };
    const db = (await databases.open(schema, () => undefined)) as Db<Tables>; // The tables its migrations made.
    for (const line of reportOf(await evaluationOf(db, Date.now()))) log(line);
    return 0;
  } finally {
    await databases.close();
  }
}
