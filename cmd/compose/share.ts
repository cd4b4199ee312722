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

/** The services that run in this process. */
export function servicesOf({ cluster }: Config): readonly string[] {
  const named: readonly string[] = cluster.services ?? [];
  return named.length === 0 ? serviceNames : serviceNames.filter((name) => named.includes(companions[name] ?? name));
}

/** @throws ConfigError for services that no other process can reach */
export function shareOf(config: Config): Share {
  const { cluster } = config;
  const named: readonly string[] = cluster.services ?? [];
  const services = servicesOf(config);
  if (named.length === 0) return { services, hasGateway: true, isPart: false };
  if (cluster.rpcPort === undefined && named.some((name) => name !== "gateway"))
    throw new ConfigError([{ where: "--services", says: "needs --rpc-port, or other processes cannot reach them" }]);
  return { services, hasGateway: named.includes("gateway"), isPart: true };
}

/** One of the 64 numbers that keep the ids of replicas of one service apart, the same at every start. */
export const nodeOf = (instance: string): number => (createHash("sha256").update(instance).digest()[0] ?? 0) % 64;
