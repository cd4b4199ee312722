import type { Config } from "../../src/kernel/config/load.ts";
import { usualConnections } from "../../src/kernel/db/connections/plan.ts";
import type { Topology } from "./topology.ts";

/** The least is that of one process with all services; further ones are for upgrades, commands and operators. */
const [least, further] = [100, 30];

/** The settings of the embedded server for the processes of a topology: each can open as many connections as it may. */
export const serverSettings = ({ processes }: Topology, { db }: Config): Readonly<Record<string, string>> => ({
  max_connections: String(Math.max(least, processes.length * (db.connections ?? usualConnections.part) + further)),
});
