import { readFileSync } from "node:fs";
import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { type Config, ConfigError } from "../../../src/kernel/config/load.ts";
import { listedAddresses } from "../../../src/kernel/config/fleet.ts";
import type { Log } from "../../../src/kernel/log/port.ts";
import { createConsulDirectory } from "../../../src/kernel/registry/consul.ts";
import type { Directory } from "../../../src/kernel/registry/directory.ts";
import { createDnsDirectory } from "../../../src/kernel/registry/dns.ts";
import { createEtcdDirectory } from "../../../src/kernel/registry/etcd.ts";
import { createDirectoryRegistry } from "../../../src/kernel/registry/directory-registry.ts";
import { createKubernetesDirectory } from "../../../src/kernel/registry/kubernetes.ts";
import { createNacosDirectory } from "../../../src/kernel/registry/nacos.ts";
import { addressOf, type Registration, type Registry } from "../../../src/kernel/registry/port.ts";
import { createStaticRegistry } from "../../../src/kernel/registry/static.ts";
import { companions, roleNames, serviceNames } from "../../services.ts";
import type { Share } from "../share.ts";

type Cluster = Config["cluster"];

/**
 * The registry that the configuration names.
 * @param patienceMs how long its start waits for an answer
 * @throws ConfigError for a service account that cannot be read
 */
export function createRegistry(cluster: Cluster, log: Log, patienceMs: number): Registry {
  const directory = directoryOf(cluster, log);
  if (!directory) return createStaticRegistry(withCompanions(listedAddresses(cluster)));
  return createDirectoryRegistry({
    directory,
    services: serviceNames,
    nameOf: (service) => companions[service] ?? service,
    patienceMs,
    log,
  });
}

/** Begins to follow a registry. @throws ConfigError where it answers nothing or nonsense: no other process would be found */
export async function startRegistry(registry: Registry, { registry: kind }: Cluster): Promise<void> {
  await registry.start();
  const reason = registry.away();
  if (reason === undefined) return;
  const says = `${kind} cannot be asked: ${reason}; start it, or correct the address and KINORA_REGISTRY_TOKEN`;
  throw new ConfigError([{ where: "KINORA_REGISTRY_ADDRESS", says }]);
}

/** Undefined where the addresses are a list. */
function directoryOf(cluster: Cluster, log: Log): Directory | undefined {
  const { registry, registryAddress, registryToken: token, registryNamespace: namespace, registerAs } = cluster;
  const urls = Array.isArray(registryAddress) ? registryAddress : [];
  const names = roleNames;
  if (registry === "dns" && typeof registryAddress === "string")
    return createDnsDirectory({ pattern: registryAddress, names, lookup: (host) => lookup(host, { all: true }) });
  if (registry === "etcd") return createEtcdDirectory({ urls, token, names, registerAs, log });
  if (registry === "consul") return createConsulDirectory({ urls, token, names, registerAs });
  if (registry === "nacos") return createNacosDirectory({ urls, token, namespace, names, registerAs });
  if (registry === "kubernetes")
    return createKubernetesDirectory({
      url: urls[0] ?? "https://kubernetes.default.svc",
      tokenFile: cluster.kubernetesTokenFile,
      authorityFile: cluster.kubernetesAuthorityFile,
      namespace: cluster.kubernetesNamespace ?? accountNamespace(cluster),
      names,
    });
  return undefined;
}

/** The namespace of the service account stands beside its token. */
function accountNamespace({ kubernetesTokenFile }: Cluster): string {
  const file = kubernetesTokenFile.replace(/[^/]*$/, "namespace");
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    const says = `needed outside a cluster: there is no service account at ${file}`;
    throw new ConfigError([{ where: "KINORA_KUBERNETES_NAMESPACE", says }]);
  }
}

/** A companion answers where the service it works with does. */
function withCompanions(addresses: Readonly<Partial<Record<string, readonly string[]>>>) {
  const companionAddresses = Object.entries(companions).flatMap(([name, service]) => {
    const listed = addresses[service];
    return listed ? [[name, listed] as const] : [];
  });
  return { ...addresses, ...Object.fromEntries(companionAddresses) };
}

/** The ports of a process, as they are open. */
interface Ports {
  readonly rpc: number;
  readonly http: number;
}

/** The entry of this process in a registry. */
export function registrationOf({ cluster, server }: Config, share: Share, version: string, ports: Ports): Registration {
  const host = advertisedHost(cluster);
  const scheme = server.tlsCert === undefined ? "http" : "https";
  const httpHost = isAnywhere(server.host) ? host : server.host;
  return {
    services: roleNames.filter((name) => (name === "gateway" ? share.hasGateway : share.services.includes(name))),
    host,
    port: ports.rpc,
    weight: cluster.registryWeight,
    version,
    metadata: { http: String(ports.http) },
    healthUrl: `${scheme}://${addressOf({ host: httpHost, port: ports.http })}/ready`,
  };
}

/** The host by which others reach the RPC port. */
function advertisedHost({ advertiseHost, rpcHost }: Cluster): string {
  if (advertiseHost !== undefined) return advertiseHost;
  if (!isAnywhere(rpcHost)) return rpcHost;
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal }) => !internal);
  const first = addresses.find(({ family }) => family === "IPv4") ?? addresses[0];
  return first?.address ?? "127.0.0.1";
}

const isAnywhere = (host: string): boolean => host === "0.0.0.0" || host === "::";
