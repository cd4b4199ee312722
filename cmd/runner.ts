import { hostname } from "node:os";
import { join } from "node:path";
import { realEnvironment } from "../src/kernel/environment/environment.ts";
import { createFailpoints, noFailpoints } from "../src/kernel/environment/failpoint.ts";
import { ConfigError } from "../src/kernel/config/load.ts";
import { isLoopback } from "../src/kernel/config/values.ts";
import { createByteServer } from "../src/kernel/outgoing/byte-server.ts";
import { exitProcess } from "../src/kernel/process/process-exit.ts";
import { createHome } from "../src/services/transcoder/runner/home.ts";
import {
  keptRegistration,
  problemOf,
  register,
  registrationFile,
} from "../src/services/transcoder/runner/registration.ts";
import { startRunner } from "../src/services/transcoder/runner/runner.ts";
import { RunnerRefused } from "../src/services/transcoder/runners/contract.ts";
import { Settings } from "../src/services/transcoder/settings.ts";
import packageJson from "../package.json" with { type: "json" };
import { openCommandLog } from "./compose/command-log.ts";
import { loadConfig } from "./compose/config.ts";
import { settingsOf } from "./compose/service-settings.ts";
import { createShutdown } from "./compose/shutdown.ts";

const usage = `npm run runner -- [--runner-url URL] [--runner-name NAME] [--data FOLDER] [the flags of npm start]

Transcodes for a Kinora elsewhere, its home (KINORA_RUNNER_URL): it takes jobs over HTTPS, and needs no database and no
open port. The first start registers by a token of the home's page Administration › Runners (KINORA_RUNNER_TOKEN, or the
file KINORA_RUNNER_TOKEN_FILE); later starts use what is kept in the data folder. A stop gives its jobs back.

Exit codes: 0 stopped · 1 it could not start · 2 wrong arguments, or the home refuses it`;

/** Settles when the runner takes jobs; signals stop it. Yields the exit code. */
export async function runner(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Pick<Console, "log">,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  const { config } = loadConfig(argv, environment, process.cwd());
  const { version } = packageJson;
  const url = homeOf(config.runner.url);
  const log = openCommandLog(config, "runner");
  const folder = join(config.data, "runner");
  const kept = await keptRegistration(folder, url);
  const stopping = createShutdown(log, { delayMs: 0, stopMsMax: config.server.stopMsMax });
  const stopped = new AbortController();
  stopping.first(() => stopped.abort());
  const server = createByteServer(url);
  stopping.last(() => server.close());
  const home = createHome(server);
  // No port keeps the process alive, and timers of a worker that waits do not.
  const alive = setInterval(() => undefined, 3_600_000);
  stopping.last(() => clearInterval(alive));
  const { token: registrationToken, name = hostname() } = config.runner;
  const given = { home, url, registrationToken, name, version, folder, log, signal: stopped.signal };
  const registration =
    kept ??
    (await register(given).catch((error: unknown) => {
      clearInterval(alive);
      throw error;
    }));
  const { failpoint } = config.telemetry;
  const running = await startRunner({
    home,
    runnerToken: registration.token,
    version,
    settings: Settings.parse(settingsOf(config, "transcoder")),
    folder: join(folder, "work"),
    environment: realEnvironment({ failpoints: failpoint ? createFailpoints(failpoint) : noFailpoints }),
    log,
  });
  stopping.last(() => running.stop());
  void running.refused.then((error) => {
    const removed = {
      where: "KINORA_RUNNER_TOKEN",
      says: `${url} has removed this runner: remove ${registrationFile(folder)}, and register by another token`,
    };
    const problem = error.code === RunnerRefused.code ? removed : problemOf(error, url);
    console.error(new ConfigError(problem ? [problem] : []).message);
    exitProcess(2);
  });
  log.info("the runner takes jobs", { home: url, runnerId: registration.id });
  return 0;
}

/** @throws ConfigError for an address that tokens and files must not be sent to */
function homeOf(url: string | undefined): string {
  const where = "KINORA_RUNNER_URL";
  if (url === undefined)
    throw new ConfigError([{ where, says: "needed: the address of the Kinora that gives the jobs" }]);
  const { protocol, hostname: host } = new URL(url);
  if (protocol === "http:" && !isLoopback(host.replace(/^\[|\]$/g, "")))
    throw new ConfigError([
      {
        where,
        says: "must be https: tokens and uploaded files would cross the network readable (http is for this machine)",
      },
    ]);
  return url.replace(/\/$/, "");
}
