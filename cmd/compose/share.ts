import { hostname } from "node:os";
import { type Config, ConfigError } from "../../src/kernel/config/load.ts";
import type { DbAddress } from "../../src/kernel/db/pool.ts";
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

/** @throws ConfigError for services that no other process can reach, or without a database that others share */
export function shareOf(config: Config): Share {
  const { cluster } = config;
  const named: readonly string[] = cluster.services ?? [];
  const services = servicesOf(config);
  if (named.length === 0) return { services, hasGateway: true, isPart: false };
  if (cluster.rpcPort === undefined && named.some((name) => name !== "gateway"))
    throw new ConfigError([{ where: "--services", says: "needs --rpc-port, or other processes cannot reach them" }]);
  assertSharedDatabase(config, services);
  return { services, hasGateway: named.includes("gateway"), isPart: true };
}

/** A part would start a database in its own data folder, and its replicas and later processes would not see its rows. */
function assertSharedDatabase(config: Config, services: readonly string[]): void {
  if (config.db.url !== undefined) return;
  const homeless = services.filter((service) => ownAddress(config, service) === undefined);
  if (homeless.length === 0) return;
  const canHaveOwn = homeless.every((service) => !Object.hasOwn(companions, service));
  const keep = homeless.length === 1 ? "keeps its" : "keep their";
  const remedy = canHaveOwn ? ", or give each of these services one of its own (KINORA_<SERVICE>_DB_URL)" : "";
  const says = `needed, because --services runs ${homeless.join(", ")}, which ${keep} tables there: set it to the database that all processes share${remedy}`;
  throw new ConfigError([{ where: "KINORA_DB_URL", says }]);
}

/** The database of one service alone, where the configuration gives it one. */
export function ownAddress({ db }: Config, service: string): DbAddress | undefined {
  const url = (db.services as Readonly<Record<string, string | undefined>>)[service];
  return url === undefined ? undefined : { url };
}

/** Names a process: the same at every start, and another for each process of a machine, also on a shared data folder. */
export const instanceOf = ({ data, server, cluster }: Config): string =>
  [hostname(), data, server.port, ...(cluster.rpcPort === undefined ? [] : [cluster.rpcPort])].join(":");
