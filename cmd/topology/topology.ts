import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { ConfigError, type Loaded } from "../../src/kernel/config/load.ts";
import { isOperatorPlugin, resolveRole, roleNames } from "../services.ts";
import { remainingServices, TopologyFile, type TopologyProcess } from "./schema.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "deploy/topologies");

/** One process of a topology, with the names of its services as `cmd/services.ts` has them. */
export interface PlannedProcess extends TopologyProcess {
  readonly hasGateway: boolean;
}

export interface Topology {
  /** As it was asked for: a name or a path. */
  readonly name: string;
  /** The path of its file, for messages. */
  readonly file: string;
  readonly meaning: string;
  readonly memory: TopologyFile["memory"];
  readonly processes: readonly PlannedProcess[];
}

/** The names of the topologies in `deploy/topologies`, from the fewest processes to the most. */
export const topologyNames = (): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .toSorted((a, b) => readTopology(a).processes.length - readTopology(b).processes.length);

/** The topology that commands about a single process or all of them use: `all`, unless another one is configured. */
export const topologyOf = ({ config, sources }: Loaded): string =>
  sources["cluster.topology"] === undefined ? "all" : config.cluster.topology;

/**
 * Reads and checks a topology: a name of `deploy/topologies`, or the path of a file, relative to `cwd`.
 * @throws ConfigError that names the file and the remedy.
 */
export function readTopology(name: string, cwd = process.cwd()): Topology {
  const isPath = /[/\\.]/.test(name);
  const path = isPath ? resolve(cwd, name) : join(folder, `${name}.json`);
  const file = isPath ? name : relative(root, path);
  const { meaning, memory, processes } = parse(path, file, isPath);
  const named = processes.map((process) => ({ ...process, services: process.services.map(resolveRole) }));
  const problem = problemOf(named);
  if (problem !== undefined) throw new ConfigError([{ where: file, says: problem }]);
  const remaining = roleNames.filter((service) => !named.some(({ services }) => services.includes(service)));
  const hasRemaining = named.some(({ services }) => services.includes(remainingServices));
  const planned = named.map((process) => {
    const services = process.services.flatMap((service) => (service === remainingServices ? remaining : [service]));
    // Services of the operator's own that no process names; every other service is named here.
    if (!hasRemaining && services.includes("gateway")) services.push(...remaining);
    return { ...process, services, hasGateway: services.includes("gateway") };
  });
  return { name, file, meaning, memory, processes: planned };
}

function parse(path: string, file: string, isPath: boolean): TopologyFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    const names = readdirSync(folder).map((entry) => entry.replace(/\.json$/, ""));
    const says = isPath
      ? "cannot be read: name a file with a topology"
      : `there is no such topology: name one of ${names.join(", ")}, or a file such as ./my.json`;
    throw new ConfigError([{ where: file, says }]);
  }
  try {
    const parsed = TopologyFile.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map(({ path: keys, message }) => `${keys.map(String).join(".")} ${message}`);
    throw new ConfigError([{ where: file, says: `${problems[0]}: docs/topologies.md describes these files` }]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConfigError([{ where: file, says: `is not JSON: ${error.message}` }]);
  }
}

/** The first fault of these processes and its remedy, in one sentence. */
function problemOf(processes: readonly TopologyProcess[]): string | undefined {
  return nameProblem(processes) ?? serviceProblem(processes) ?? portProblem(processes);
}

function nameProblem(processes: readonly TopologyProcess[]): string | undefined {
  const names = processes.map(({ name }) => name);
  const double = names.find((name, at) => names.indexOf(name) < at);
  return double === undefined ? undefined : `two processes have the name ${double}: rename one of them`;
}

function serviceProblem(processes: readonly TopologyProcess[]): string | undefined {
  const places = processes.flatMap(({ name, services }) => services.map((service) => ({ name, service })));
  const unknown = places.find(({ service }) => service !== remainingServices && !roleNames.includes(service));
  if (unknown)
    return `the process ${unknown.name} names the service ${unknown.service}, which does not exist: services are ${roleNames.join(", ")}`;
  const double = places.find(({ service }, at) => places.findIndex((place) => place.service === service) < at);
  if (double) {
    const first = places.find(({ service }) => service === double.service)?.name;
    const where =
      first === double.name ? `twice by the process ${first}` : `by the processes ${first} and ${double.name}`;
    return `${double.service} is named ${where}: keep it in one place`;
  }
  if (places.some(({ service }) => service === remainingServices)) return undefined;
  const forgotten = roleNames.filter(
    (role) => !isOperatorPlugin(role) && !places.some(({ service }) => service === role),
  );
  if (forgotten.length === 0) return undefined;
  return `no process runs ${forgotten.join(", ")}: add it to "services" of one, or "${remainingServices}", which is every service that no other one names`;
}

function portProblem(processes: readonly TopologyProcess[]): string | undefined {
  const deaf = processes.length > 1 && processes.find(({ rpcPort }) => rpcPort === undefined);
  if (deaf) return `the process ${deaf.name} has no "rpcPort", so others cannot call its services: give it one`;
  const ports = processes.flatMap(({ name, port, rpcPort }) =>
    [port, rpcPort].flatMap((number) => (number === undefined ? [] : [{ name, number }])),
  );
  const double = ports.find(({ number }, at) => ports.findIndex((other) => other.number === number) < at);
  if (!double) return undefined;
  const first = ports.find(({ number }) => number === double.number)?.name;
  const where =
    first === double.name ? `twice by the process ${first}` : `by the processes ${first} and ${double.name}`;
  return `port ${double.number} is used ${where}: change one of them`;
}
