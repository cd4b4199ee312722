import type { Capacity } from "./capacity.ts";
import { leastConnections } from "./shares.ts";

/** The connections of a process with all services, and of one of several processes, where no setting says otherwise. */
export const usualConnections = { whole: 20, part: 10 } as const;
/** A share of the limit that stays free for upgrades, commands and operators, and its least. */
const reserve = { share: 0.1, least: 3 } as const;

/** The processes on one database, as far as the settings of one of them say. */
export interface Fleet {
  /** `KINORA_DB_CONNECTIONS`, where it is set. */
  readonly configured: number | undefined;
  readonly isPart: boolean;
  /** Processes with tables, this one among them. */
  readonly processes: number;
  readonly replicas: number;
}

export interface ConnectionPlan {
  /** The most connections of this process. */
  readonly connections: number;
  /** Why the connections of all processes do not fit, and the remedy. */
  readonly lack?: { readonly reason: string; readonly remedy: string };
}

/**
 * Decides how many connections a process may open: the configured number, else so many that all processes together stay
 * below the limit of the server. Pure.
 * @param capacity undefined behind a pooler, whose limit is not known.
 */
export function planConnections(fleet: Fleet, capacity: Capacity | undefined): ConnectionPlan {
  const { configured, isPart, processes, replicas } = fleet;
  const least = leastConnections(replicas);
  const most = isPart ? usualConnections.part : usualConnections.whole;
  if (!capacity) return { connections: configured ?? Math.max(least, most) };
  const { limit, open, openByKinora } = capacity;
  const kept = Math.max(reserve.least, Math.ceil(limit * reserve.share));
  const available = Math.max(0, limit - kept - (open - openByKinora));
  const fairShare = Math.floor(available / processes);
  const connections = configured ?? Math.max(least, Math.min(most, fairShare));
  const needed = Math.max(processes * connections, openByKinora);
  if (needed <= available) return { connections };
  const lower = fairShare >= least && configured !== undefined ? `lower KINORA_DB_CONNECTIONS to ${fairShare}, ` : "";
  return {
    connections,
    lack: {
      reason: `${processes === 1 ? "one process takes" : `${processes} processes take`} up to ${needed} connections, and PostgreSQL has ${available} for them`,
      remedy: `${lower}raise max_connections of PostgreSQL, or put PgBouncer before it (KINORA_DB_POOLED)`,
    },
  };
}
