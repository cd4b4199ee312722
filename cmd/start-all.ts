import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { remoteConfigOf } from "../src/kernel/config/load.ts";
import { silentLog } from "../src/kernel/log/port.ts";
import { isRunning } from "../src/kernel/postgres/process-table.ts";
import { secretFileOf } from "./compose/fleet/cluster-secret.ts";
import { loadConfig } from "./compose/config.ts";
import { runningEmbeddedUrl } from "./compose/databases/embedded-database.ts";
import { publicAddressOf } from "../src/kernel/config/public-address.ts";
import { ProcessFailed } from "./compose/process-failed.ts";
import { untilAnswered } from "./topology/answers.ts";
import { roles } from "./services.ts";
import { type BackgroundProcess, BackgroundProcesses, tailOf } from "./topology/background.ts";
import {
  assertPlannedPortsFree,
  configOf,
  dependentSettings,
  type PlanParts,
  type ProcessPlan,
  planProcesses,
} from "./topology/plan.ts";
import { needsEmbedded, prepareProcesses } from "./topology/preparation.ts";
import { processProgram } from "./topology/supervised-process.ts";
import { readTopology, topologyOf } from "./topology/topology.ts";

const usage = `scripts/start-all.sh [--topology NAME|FILE] [the flags of npm start]

Starts every process of a topology (all) in the background, and the embedded database where no other is configured. Each
has a log and a file with its process number in the folder logs of the data folder. Settles when each answers /health and
/ready. The flags are those of npm start, such as --registry and --registry-address. scripts/stop-all.sh ends them.

Exit codes: 0 all are ready · 1 one could not start, whose last lines follow · 2 wrong arguments`;

type Output = Pick<Console, "log" | "error">;
const cli = join(import.meta.dirname, "cli.ts");
/** All processes start at once; on a busy machine each takes as long as all. */
const readyMsMax = 180_000;
const lookAgainMs = 50;

/** The folder of logs and process numbers. */
export const logFolderOf = (data: string): string => join(data, "logs");

/** Yields the exit code. */
export async function startAll(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  const cwd = process.cwd();
  const remote = remoteConfigOf(argv, environment, cwd, roles);
  if (remote) {
    const { copyRemoteConfig } = await import("./compose/fleet/remote-config.ts");
    await copyRemoteConfig(remote, (sentence) => output.error(sentence));
  }
  const loaded = loadConfig(argv, environment, cwd);
  const { config } = loaded;
  const topology = readTopology(topologyOf(loaded), cwd);
  const parts: PlanParts = { topology, loaded, argv, environment, cwd };
  const background = new BackgroundProcesses(logFolderOf(config.data));
  const present = background.list().filter(isRunning);
  if (present.length > 0) {
    output.error(`${present.map(({ name }) => name).join(", ")}: runs already, stop it with scripts/stop-all.sh`);
    return 1;
  }
  const plans = planProcesses(parts);
  await assertPlannedPortsFree(plans);
  const started: BackgroundProcess[] = [];
  try {
    await prepareProcesses({ config, argv, environment, log: silentLog });
    const url = await startProcesses(parts, background, started, output);
    output.log(`✔ ${topology.name} is ready at ${url}; scripts/stop-all.sh stops it`);
    return 0;
  } catch (error) {
    await background.stop(started, config.server.stopMsMax, () => undefined);
    throw error;
  }
}

/** Yields the address of the gateway. */
async function startProcesses(
  parts: PlanParts,
  background: BackgroundProcesses,
  started: BackgroundProcess[],
  output: Output,
): Promise<string> {
  const { config } = parts.loaded;
  const databaseUrl = needsEmbedded(config) ? await startDatabase(parts, background, started, output) : undefined;
  const planParts = { ...parts, databaseUrl, secretFile: await secretFileOf(config) };
  const plans = planProcesses(planParts);
  for (const plan of plans) configOf(plan, planParts);
  const processes = plans.map((plan) => {
    const { name, argv, nodeOptions, hasGateway } = plan;
    const env = { ...plan.env, ...dependentSettings(plan, config) };
    const rank = hasGateway ? "gateway" : "service";
    const process = background.start({ name, rank, argv: [...nodeOptions, processProgram, ...argv], env });
    started.push(process);
    return { plan, process };
  });
  await Promise.all(processes.map(({ plan, process }) => untilReady(plan, process, output)));
  const [port] = plans.find(({ hasGateway }) => hasGateway)?.ports ?? [];
  return publicAddressOf(config.server, port?.number);
}

/** Settles when a process is ready. @throws ProcessFailed with the last lines of its log */
async function untilReady({ url }: ProcessPlan, process: BackgroundProcess, { log }: Output): Promise<void> {
  const ended = new AbortController();
  const watch = setInterval(() => {
    if (!isRunning(process)) ended.abort();
  }, lookAgainMs);
  const wait = { waitMs: readyMsMax, signal: ended.signal };
  const isReady = (await untilAnswered(url, "/health", wait)) && (await untilAnswered(url, "/ready", wait));
  clearInterval(watch);
  if (!isReady) throw failureOf(process);
  log(`✔ ${process.name}: ${url}, process ${process.pid}, log ${process.log}`);
}

/** Starts the embedded database in the background. Yields its URL when it takes connections. */
async function startDatabase(
  { loaded: { config }, argv, environment }: PlanParts,
  background: BackgroundProcesses,
  started: BackgroundProcess[],
  { log }: Output,
): Promise<string> {
  const database = background.start({
    name: "database",
    rank: "database",
    argv: [cli, "database", ...argv],
    env: environment,
  });
  started.push(database);
  for (;;) {
    const isHere = isRunning(database);
    const url = await runningEmbeddedUrl(config.data);
    if (!isHere) throw failureOf(database);
    if (url !== undefined) {
      log(`✔ database: process ${database.pid}, log ${database.log}`);
      return url;
    }
    await sleep(lookAgainMs);
  }
}

function failureOf(process: BackgroundProcess): ProcessFailed {
  const says = isRunning(process) ? `was not ready in ${readyMsMax / 1_000} s` : "ended before it was ready";
  return new ProcessFailed(`the process ${process.name} ${says}; the end of ${process.log}:\n${tailOf(process.log)}`);
}
