import type { Config } from "../../src/kernel/config/load.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import { holdFolder, type Say } from "../../src/kernel/postgres/postgres.ts";
import { logFormatOf } from "../compose/announcement.ts";
import { startEmbeddedDatabase } from "../compose/databases/embedded-database.ts";
import { openCommandLog } from "../compose/command-log.ts";
import { createShutdown } from "../compose/shutdown.ts";
import { secretFileOf } from "../compose/fleet/cluster-secret.ts";
import { serverSettings } from "./connections.ts";
import { createLineOutput } from "./lines.ts";
import { assertPlannedPortsFree, configOf, dependentSettings, type PlanParts, planProcesses } from "./plan.ts";
import { needsEmbedded, prepareProcesses } from "./preparation.ts";
import { SupervisedProcess } from "./supervised-process.ts";
import { readTopology } from "./topology.ts";

/** All processes start at once; on a busy machine each takes as long as all. */
const readyMsMax = 180_000;
/** The part of a stop that the database has for itself. */
const databaseStopMs = 2_000;

type Start = Pick<PlanParts, "loaded" | "argv" | "environment" | "cwd">;

/**
 * Starts the processes of the topology that the configuration names on this machine, with one database, and returns when
 * all are ready. A process that ends by itself is restarted. Signals stop all, the gateway first.
 * @throws ConfigError, ProcessFailed or PostgresError that says what to do
 */
export async function superviseTopology(start: Start): Promise<void> {
  const { config } = start.loaded;
  const topology = readTopology(config.cluster.topology, start.cwd);
  const parts = { ...start, topology };
  const firstPlans = planProcesses(parts);
  await assertPlannedPortsFree(firstPlans);
  const log = openCommandLog(config, "supervisor");
  const stopMsMax = (config.server.stopDelayMs ?? 0) + config.server.stopMsMax;
  let isClean = true;
  const stopping = createShutdown(log, { delayMs: 0, stopMsMax, exitCode: () => (isClean ? 0 : 1) });
  const began = performance.now();
  try {
    if (topology.processes.length > 1) await prepareProcesses({ ...start, config, log });
    if (stopping.isUnderWay) return;
    const database = await openDatabase(parts, log);
    stopping.last(() => database?.[Symbol.asyncDispose]());
    if (database) stopping.when(database.exited, "the database ended");
    const secretFile = await secretFileOf(config);
    const planParts = { ...parts, databaseUrl: database?.url, secretFile };
    const plans = planProcesses(planParts);
    for (const plan of plans) configOf(plan, planParts);
    const output = createLineOutput(Math.max(...plans.map(({ name }) => name.length)));
    const processes = plans.map((plan) => {
      const settings = { ...dependentSettings(plan, config), KINORA_LOG_FORMAT: logFormatOf(config) };
      return new SupervisedProcess({ plan, settings, output, log, readyMsMax });
    });
    stopping.first(async () => {
      isClean = await stopInOrder(processes, stopMsMax - databaseStopMs, log);
    });
    if (stopping.isUnderWay) return;
    log.info("starting processes", { topology: topology.name, processes: plans.map(({ name }) => name) });
    await Promise.all(processes.map((process) => process.start()));
    if (stopping.isUnderWay) return;
    await announce(processes, config);
    log.info("ready", { topology: topology.name, durationMs: Math.round(performance.now() - began) });
  } catch (error) {
    if (stopping.isUnderWay) return;
    await stopping.release();
    throw error;
  }
}

/** The database that this process starts for all others; undefined where the configuration names theirs. */
async function openDatabase({ loaded, topology }: Pick<PlanParts, "loaded" | "topology">, log: Log) {
  const { config } = loaded;
  // A process alone starts its own.
  if (topology.processes.length === 1) return undefined;
  const say: Say = (message, fields) => log.warn(message, fields);
  if (needsEmbedded(config)) return startEmbeddedDatabase(config.data, serverSettings(topology, config), say);
  const hold = await holdFolder(config.data, say);
  return { url: undefined, exited: new Promise(() => undefined), [Symbol.asyncDispose]: () => hold.release() };
}

/**
 * Stops the gateway, so that no request is cut by the end of another process, and then all others. The processes that run
 * at the end of the time are killed. @returns true if all ended as asked
 */
async function stopInOrder(processes: readonly SupervisedProcess[], waitMs: number, log: Log): Promise<boolean> {
  const [gateways = [], services = []] = [true, false].map((hasGateway) =>
    processes.filter(({ plan }) => plan.hasGateway === hasGateway),
  );
  const timer = setTimeout(() => {
    for (const process of processes)
      if (process.kill()) log.error("a process did not stop in time and was killed", { process: process.plan.name });
  }, waitMs);
  const exits = [];
  const gatewaysStopped = Promise.all(gateways.map((process) => process.stop()));
  await Promise.race([gatewaysStopped, afterMs(waitMs / 2)]);
  exits.push(...(await Promise.all(services.map((process) => process.stop()))), ...(await gatewaysStopped));
  clearTimeout(timer);
  return exits.every(({ code }) => code === 0);
}

const afterMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** The lines that the gateway has for people. Standard output is JSON alone for programs. */
async function announce(processes: readonly SupervisedProcess[], config: Config): Promise<void> {
  const stream = logFormatOf(config) === "pretty" ? process.stdout : process.stderr;
  const gateways = processes.filter(({ plan }) => plan.hasGateway);
  const lines = (await Promise.all(gateways.map((process) => process.announcement()))).flat();
  stream.write(`${lines.join("\n")}\n`);
}
