import type { Fleet } from "../db/connections/plan.ts";
import type { Config } from "./load.ts";

/** The processes on the shared database, by the static list of addresses: this one may be missing from its own list. */
export function fleetOf({ db, cluster }: Config): Fleet {
  const services: readonly string[] = cluster.services ?? [];
  const listed = Object.entries(listedAddresses(cluster)).filter(([service]) => service !== "gateway");
  const addresses = new Set(listed.flatMap(([, ofService = []]) => ofService));
  const isHere = (address: string) => address.endsWith(`:${cluster.rpcPort}`);
  const isListed = listed.some(([service, ofService = []]) => services.includes(service) && ofService.some(isHere));
  return {
    configured: db.connections,
    isPart: services.length > 0,
    processes: services.length === 0 ? 1 : addresses.size + (isListed ? 0 : 1),
    replicas: db.replicaUrls.length,
  };
}

/** The static list of addresses; empty where another registry knows them. */
export const listedAddresses = ({
  registryAddress,
}: Config["cluster"]): Readonly<Partial<Record<string, readonly string[]>>> =>
  typeof registryAddress === "string" || Array.isArray(registryAddress) ? {} : registryAddress;
