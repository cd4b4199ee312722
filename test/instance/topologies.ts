import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTopology, type Topology } from "../../cmd/topology/topology.ts";
import { freePorts } from "../ports.ts";

/** A topology for a test, in a file of its own. */
export interface TestTopology extends Topology {
  readonly file: string;
  /** The port of the gateway. */
  readonly port: number;
}

/**
 * A topology of `deploy/topologies` on free ports, written into a folder: tests run side by side.
 * @param settings further settings of processes by their names
 */
export async function writeTopology(
  name: string,
  folder: string,
  settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Promise<TestTopology> {
  const { processes, meaning, memory } = readTopology(name);
  const ports = await freePorts(processes.length * 2);
  const moved = processes.map(({ hasGateway: _, ...process }, at) => ({
    ...process,
    settings: settings[process.name] ?? {},
    port: ports[at * 2] ?? 0,
    rpcPort: ports[at * 2 + 1] ?? 0,
  }));
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify({ meaning, memory, processes: moved }));
  const topology = readTopology(file);
  return { ...topology, file, port: topology.processes.find(({ hasGateway }) => hasGateway)?.port ?? 0 };
}
