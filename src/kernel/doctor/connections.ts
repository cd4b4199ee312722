import { fleetOf } from "../config/fleet.ts";
import type { Config } from "../config/load.ts";
import { askCapacity } from "../db/connections/capacity.ts";
import { planConnections } from "../db/connections/plan.ts";
import { type Finding, ok, warn } from "./finding.ts";

/** Compares the connections of all processes with the limit of the configured PostgreSQL. */
export async function connectionsCheck(config: Config): Promise<Finding[]> {
  const { db } = config;
  if (db.url === undefined) return [];
  const fleet = fleetOf(config);
  if (db.pooled) {
    const { connections } = planConnections(fleet, undefined);
    return [ok("connections", `up to ${connections} of this process to PgBouncer, whose limit is not known here`)];
  }
  const { host } = new URL(db.url);
  try {
    const capacity = await askCapacity({ url: db.url });
    const { connections, lack } = planConnections(fleet, capacity);
    const { limit, open, openByKinora } = capacity;
    const says = `up to ${connections} of this process; PostgreSQL at ${host} has ${limit}, of which ${open} are open, ${openByKinora} by Kinora`;
    return [lack ? warn("connections", `${says}; ${lack.reason}`, lack.remedy) : ok("connections", says)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      warn("connections", `PostgreSQL at ${host} does not answer: ${reason}`, "start it, or correct KINORA_DB_URL"),
    ];
  }
}
