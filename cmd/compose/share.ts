import { createHash } from "node:crypto";
import { type Config, ConfigError } from "../../src/kernel/config/load.ts";
import { companions, serviceNames } from "../services.ts";

/** The services and roles of this process. */
export interface Share {
  readonly services: readonly string[];
  readonly hasGateway: boolean;
  /** Other processes run the rest. */
  readonly isPart: boolean;
}

/** @throws ConfigError for services nobody could reach. */
export function shareOf({ cluster }: Config): Share {
  const named: readonly string[] = cluster.services ?? [];
  if (named.length === 0) return { services: serviceNames, hasGateway: true, isPart: false };
  if (cluster.rpcPort === undefined && named.some((name) => name !== "gateway"))
    throw new ConfigError([{ where: "--services", says: "needs --rpc-port, or other processes cannot reach them" }]);
  const services = serviceNames.filter((name) => named.includes(companions[name] ?? name));
  return { services, hasGateway: named.includes("gateway"), isPart: true };
}

/** One of the 64 numbers that keep the ids of replicas of one service apart, the same at every start. */
export const nodeOf = (instance: string): number => (createHash("sha256").update(instance).digest()[0] ?? 0) % 64;
