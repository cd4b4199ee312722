import type { Config, Loaded } from "../../src/kernel/config/load.ts";
import { ConfigError } from "../../src/kernel/config/load.ts";
import { portCheck } from "../../src/kernel/doctor/system.ts";
import { loadConfig } from "../compose/config.ts";
import { shareOf } from "../compose/share.ts";
import { nodeOptions, nodeSettings } from "./node-options.ts";
import type { PlannedProcess, Topology } from "./topology.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The start of one process of a topology on this machine. */
export interface ProcessPlan {
  readonly name: string;
  readonly hasGateway: boolean;
  /** Flags of `npm start`: those of the caller first, as the last of two counts. */
  readonly argv: readonly string[];
  readonly env: Environment;
  /** Options of Node, after those of the caller. */
  readonly nodeOptions: readonly string[];
  /** The address of its health check; a host of all networks is asked on loopback. */
  readonly url: string;
  readonly ports: readonly Port[];
}

/** A port that a process opens, and the place where it is set. */
interface Port {
  readonly host: string;
  readonly number: number;
  readonly setting: string;
}

export interface PlanParts {
  readonly topology: Topology;
  /** The configuration of the caller, whose flags and environment all processes get. */
  readonly loaded: Loaded;
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly cwd: string;
  /** The database that the processes share, where the configuration names none. */
  readonly databaseUrl?: string | undefined;
  /** The file of the cluster secret, where the configuration has none. */
  readonly secretFile?: string | undefined;
  /** The process whose ports and host are the caller's settings; that of the gateway unless it is given. */
  readonly chosen?: string;
}

const loopback = "127.0.0.1";

/**
 * How each process of a topology is started here: on its ports, with addresses of the others unless a registry knows
 * them. The ports of the caller's settings are those of the gateway; other processes listen on loopback. Pure.
 */
export function planProcesses(parts: PlanParts): ProcessPlan[] {
  return parts.topology.processes.map((process) => planProcess(process, parts));
}

export function planProcess(process: PlannedProcess, parts: PlanParts): ProcessPlan {
  const { topology, loaded, argv, environment } = parts;
  const { config } = loaded;
  const isAlone = topology.processes.length === 1;
  const ports = portsOf(process, parts);
  const [http, rpc] = ports;
  const host = isChosen(process, parts) ? config.server.host : loopback;
  const scheme = config.server.tlsCert === undefined ? "http" : "https";
  return {
    name: process.name,
    hasGateway: process.hasGateway,
    argv: [
      ...argv,
      "--topology",
      "one",
      "--host",
      host,
      "--port",
      String(http.number),
      ...(isAlone ? [] : ["--services", process.services.join()]),
      ...(rpc ? ["--rpc-port", String(rpc.number)] : []),
    ],
    env: {
      ...process.settings,
      ...environment,
      ...(isAlone ? {} : sharedSettings(parts)),
    },
    nodeOptions: [...nodeOptions, ...(topology.memory === "small" ? ["--optimize-for-size"] : [])],
    url: `${scheme}://${hostInUrl(host)}:${http.number}`,
    ports: rpc ? [http, rpc] : [http],
  };
}

const isChosen = ({ name, hasGateway }: PlannedProcess, { chosen }: PlanParts): boolean =>
  chosen === undefined ? hasGateway : name === chosen;

/**
 * The settings of a process that another one starts and stops: nobody balances the load of this machine, and only clients
 * of the gateway notice a stop.
 */
export const dependentSettings = ({ hasGateway, env }: ProcessPlan, { server }: Config): Environment => ({
  KINORA_STOP_DELAY: `${hasGateway ? (server.stopDelayMs ?? 0) : 0}ms`,
  ...nodeSettings,
  // glibc has an area for each of many threads otherwise, and gives little of them back.
  MALLOC_ARENA_MAX: env["MALLOC_ARENA_MAX"] ?? "2",
});

/** The port of HTTP, and of RPC where it has one. */
function portsOf(process: PlannedProcess, parts: PlanParts) {
  const { topology, loaded } = parts;
  const { port, rpcPort } = process;
  const { config, sources } = loaded;
  const { server, cluster } = config;
  const isOwn = isChosen(process, parts);
  /** The caller's setting where there is one. */
  const choose = (key: string, chosen: number | undefined, file: number, name: string) =>
    isOwn && sources[key] !== undefined && chosen !== undefined
      ? { number: chosen, setting: sources[key] }
      : { number: file, setting: `"${name}" in ${topology.file}` };
  const http: Port = {
    host: isOwn ? server.host : loopback,
    ...choose("server.port", server.port, port, "port"),
  };
  if (rpcPort === undefined) return [http] as const;
  const rpc: Port = { host: cluster.rpcHost, ...choose("cluster.rpcPort", cluster.rpcPort, rpcPort, "rpcPort") };
  return [http, rpc] as const;
}

/** How the processes of a topology find each other and their database. */
function sharedSettings(parts: PlanParts): Environment {
  const { topology, loaded, databaseUrl, secretFile } = parts;
  const { cluster } = loaded.config;
  const isListed = typeof cluster.registryAddress === "string" || Object.keys(cluster.registryAddress).length > 0;
  const addresses = topology.processes.flatMap((process) => {
    const [, rpc] = portsOf(process, parts);
    const host = hostInUrl(cluster.rpcHost);
    return process.services
      .filter((service) => service !== "gateway")
      .map((service) => `${service}=${host}:${rpc?.number}`);
  });
  return {
    ...(cluster.registry === "static" && !isListed && { KINORA_REGISTRY_ADDRESS: addresses.join() }),
    ...(databaseUrl !== undefined && { KINORA_DB_URL: databaseUrl }),
    ...(secretFile !== undefined && { KINORA_CLUSTER_SECRET_FILE: secretFile }),
  };
}

/** The host by which this machine reaches a server that listens there. */
function hostInUrl(host: string): string {
  if (host === "0.0.0.0") return loopback;
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** The configuration with which a process of the plan starts. @throws ConfigError that names the process */
export function configOf({ name, argv, env }: ProcessPlan, { topology, cwd }: PlanParts): Config {
  try {
    const { config } = loadConfig(argv, env, cwd);
    shareOf(config);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map(({ where, says }) => ({
      where: `process ${name} of ${topology.file}`,
      says: `${where}: ${says}`,
    }));
    throw new ConfigError(problems);
  }
}

/** @throws ConfigError that names a port that cannot be opened, its process and its setting */
export async function assertPlannedPortsFree(plans: readonly ProcessPlan[]): Promise<void> {
  for (const { name, ports } of plans)
    for (const { host, number, setting } of ports) {
      if (number === 0)
        throw new ConfigError([{ where: setting, says: "must be a port, which processes of a topology look for" }]);
      const { state, says } = await portCheck("port", host, number, "");
      if (state === "ok") continue;
      const remedy = "stop what uses it, or set another";
      throw new ConfigError([{ where: setting, says: `port ${says}, and the process ${name} needs it: ${remedy}` }]);
    }
}
