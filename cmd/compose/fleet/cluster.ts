import type { Route } from "../../../src/kernel/bus/port.ts";
import type { RenewedCertificates } from "../../../src/kernel/certificates/renewed-certificates.ts";
import type { Config } from "../../../src/kernel/config/load.ts";
import type { Client, Contract } from "../../../src/kernel/contract.ts";
import type { Secrets } from "../../../src/kernel/keys/port.ts";
import type { Log } from "../../../src/kernel/log/port.ts";
import type { Registration } from "../../../src/kernel/registry/port.ts";
import { bus, createRemoteRoutes } from "../../../src/kernel/rpc/bus.ts";
import { RpcClients } from "../../../src/kernel/rpc/client/client.ts";
import type { Metrics } from "../../../src/kernel/telemetry/port.ts";
import packageJson from "../../../package.json" with { type: "json" };
import { contractLock } from "../contract-lock.ts";
import { createRegistry, startRegistry } from "./registry.ts";
import type { Share } from "../share.ts";

/** The other processes: clients of their services, and routes for events to them. */
export interface Cluster {
  readonly remote: (contract: Contract, caller: string) => Client<Contract> | undefined;
  /** Clients of each process that runs a service. */
  readonly peers: (contract: Contract, caller: string) => readonly Client<Contract>[];
  /** Routes to consumers in the other processes. */
  readonly routes: () => readonly Route[];
  /** The services among these that cannot be reached, for `/ready`. */
  readonly missing: (services: readonly string[]) => Promise<Record<string, string>>;
  /** Settles when the registry answered once. @throws ConfigError where it does not for a while */
  readonly start: () => Promise<void>;
  /** Makes this process known to the others; `withdraw` ends that. */
  readonly register: (registration: Registration) => void;
  readonly withdraw: () => Promise<void>;
  /** Why the registry cannot be asked now. */
  readonly registryAway: () => string | undefined;
  readonly close: () => Promise<void>;
}

/** Longer than a registry needs that is started together with this process. */
const patienceMs = 20_000;

export function createCluster(
  { cluster }: Config,
  share: Share,
  secrets: Secrets,
  {
    tls,
    log,
    metrics,
  }: { readonly tls: RenewedCertificates | undefined; readonly log: Log; readonly metrics: Metrics },
): Cluster {
  const registry = createRegistry(cluster, log, patienceMs);
  metrics.gauge("registry_up", "1 while the registry answers, 0 while its last addresses are used", [], async () => [
    [registry.away() === undefined ? 1 : 0, {}],
  ]);
  const clients = new RpcClients({
    registry,
    lock: contractLock(),
    secrets,
    version: packageJson.version,
    tls,
    log,
    metrics,
    elapsed: () => performance.now(),
    random: Math.random,
  });
  const isHere = (service: string) => service === "gateway" || share.services.includes(service);
  return {
    remote: (contract, caller) => clients.client(contract, caller),
    peers: (contract, caller) => registry.find(contract.name).map((instance) => clients.at(contract, caller, instance)),
    routes: createRemoteRoutes({
      registry,
      consumers: () => registry.services().filter((service) => service !== "gateway"),
      at: (instance) => clients.at(bus, "bus", instance),
    }),
    async missing(services) {
      const remoteServices = services.filter((service) => !isHere(service));
      const reached = await Promise.all(remoteServices.map((service) => clients.isReachable(service)));
      const unreachable = remoteServices.filter((_, place) => reached[place] !== true);
      return Object.fromEntries(unreachable.map((service) => [service, "no process that runs it can be reached"]));
    },
    start: () => startRegistry(registry, cluster),
    register: (registration) => registry.register(registration),
    withdraw: () => registry.withdraw(),
    registryAway: () => registry.away(),
    async close() {
      await registry.close();
      clients.close();
    },
  };
}
