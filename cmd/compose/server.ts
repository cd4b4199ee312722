import { once } from "node:events";
import { failureOf } from "../../src/gateway/format/envelope.ts";
import type { MetricsAccess } from "../../src/gateway/metrics-access.ts";
import { ReadPositions } from "../../src/gateway/identity/read-positions.ts";
import { newCall } from "../../src/kernel/call.ts";
import type { RenewedCertificates } from "../../src/kernel/certificates/renewed-certificates.ts";
import type { Contract } from "../../src/kernel/contract.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import { publicAddressOf } from "../../src/kernel/config/public-address.ts";
import type { ServiceHost } from "../../src/kernel/host/host.ts";
import type { Plugin } from "../../src/kernel/host/plugin.ts";
import { createFastifyServer } from "../../src/kernel/http/fastify/fastify.ts";
import type { CallerRates } from "../../src/kernel/http/limits.ts";
import type { Secrets } from "../../src/kernel/keys/port.ts";
import { pinoLog } from "../../src/kernel/log/pino.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import type { Registration } from "../../src/kernel/registry/port.ts";
import { startPostgres } from "../../src/kernel/postgres/postgres.ts";
import { cache as cacheContract } from "../../src/services/cache/contract.ts";
import { startCacheFollower } from "../../src/services/cache/follower.ts";
import packageJson from "../../package.json" with { type: "json" };
import { prepareTables } from "./job-wait.ts";
import { announce, logFormatOf } from "./announcement.ts";
import { type Adapters, createServerAdapters, createServiceHost } from "./adapters.ts";
import type { Databases } from "./databases/databases.ts";
import { createBus } from "./bus.ts";
import { cacheStoreOf } from "./cache.ts";
import { fanoutOf } from "./fanout.ts";
import { openCertificates } from "./certificates.ts";
import { clusterSecretsOf } from "./fleet/cluster-secret.ts";
import { reportDamage } from "./damage.ts";
import { LiveSettings } from "./live-settings.ts";
import { loadContracts, loadPlugins } from "../services.ts";
import { createShutdown, type Shutdown } from "./shutdown.ts";
import { addressRulesOf, metricsAccessOf, operationsAlone } from "./operations.ts";
import { assertPortsFree } from "./ports.ts";
import { startMonitoring } from "./monitoring/monitoring.ts";
import { type Readiness, createReadiness } from "./readiness.ts";
import type { Cluster } from "./fleet/cluster.ts";
import { registrationOf } from "./fleet/registry.ts";
import { searchIndexLack } from "./search-index.ts";
import { instanceOf, type Share, shareOf } from "./share.ts";

const dayMs = 24 * 3_600_000;
/** First requests are not delayed by a collection. */
const garbageAfterMs = 5_000;
/** Longer than processes need that are started together. */
const othersMs = 30_000;
/** Longer than a load balancer needs that looks every other second and believes the second answer. */
const partDelayMs = 5_000;

/**
 * Starts what the configuration asks for and returns when it is ready. Signals stop it from the beginning; after one that
 * comes before it is ready it returns too, and the stop ends the process. `postgres` yields the embedded database.
 */
export async function start(config: Config, { postgres = startPostgres, follow }: StartOptions = {}): Promise<void> {
  const instance = instanceOf(config);
  const live = new LiveSettings(config);
  const log = pinoLog({
    level: () => live.logLevel,
    format: logFormatOf(config),
    instance,
    version: packageJson.version,
  });
  const { stopMsMax, stopDelayMs } = config.server;
  const delayMs = stopDelayMs ?? (shareOf(config).isPart ? partDelayMs : 0);
  const stopping = createShutdown(log, { delayMs, stopMsMax });
  // A supervisor that was killed closes its channel.
  if (process.connected) stopping.when(once(process, "disconnect"), "the supervisor ended");
  try {
    await run({ config, live, instance, log, stopping, postgres });
    const follower = follow?.((next) => live.apply(next), log);
    stopping.first(() => follower?.stop());
  } catch (error) {
    // An error after the stop began is a consequence of it.
    if (stopping.isUnderWay) {
      log.info("the start was given up for the stop", { err: error });
      return;
    }
    await stopping.release();
    throw error;
  }
}

interface StartOptions {
  /** Starts the embedded database. */
  readonly postgres?: typeof startPostgres;
  /** Follows the source of the configuration, and has changes applied. */
  readonly follow?: (apply: (config: Config) => void, log: Log) => { stop(): Promise<void> } | undefined;
}

interface Run {
  readonly config: Config;
  readonly live: LiveSettings;
  readonly instance: string;
  readonly log: Log;
  readonly stopping: Shutdown;
  readonly postgres: typeof startPostgres;
}

async function run({ config, live, instance, log, stopping, postgres }: Run): Promise<void> {
  const began = performance.now();
  const share = shareOf(config);
  const plugins = await loadPlugins(share.services);
  const needsAll = share.hasGateway || plugins.some((plugin) => plugin.needsAll);
  const contracts = needsAll ? await loadContracts() : contractsOf(plugins);
  await assertPortsFree(config);
  const tls = await openCertificates(config, log);
  stopping.last(async () => tls?.close());
  const metricsAccess = await metricsAccessOf(config, log);
  const { server, site } = config;
  const adapters = await createServerAdapters(config, log, postgres, await cacheStoreOf(config.cache, log));
  const { metrics, blob, cache, database, mail } = adapters;
  tls?.measure(metrics);
  stopping.last(() => database.close());
  stopping.last(() => mail.close());
  stopping.last(() => cache.close());
  stopping.when(database.exited, "the database ended");

  const secrets = await clusterSecretsOf(config);
  const cluster = share.isPart
    ? (await import("./fleet/cluster.ts")).createCluster(config, share, secrets, { tls, log, metrics })
    : undefined;
  await cluster?.start();
  const bus = await createBus(config, cluster, log);
  const fanout = await fanoutOf(config, log);
  const host = createServiceHost(config, adapters, {
    instance,
    services: contracts,
    bus,
    fanout,
    ...(cluster && { remote: cluster.remote, peers: cluster.peers }),
  });
  // Several parts may share a folder, where a young piece can be another part's work. A single process has it alone.
  await blob.sweep(share.isPart ? dayMs : 0);
  await prepareTables({ config, database, plugins, log });
  await host.addAll(plugins);
  // Before a port opens, so that no process is ready without the accounts its settings name.
  if (share.services.includes("auth")) await makeAccounts(site, host);
  stopping.last(() => cluster?.close());
  stopping.last(() => bus.close());
  stopping.last(async () => fanout?.close());
  stopping.last(() => host.stop());
  reportDamage({ blob, host, log, metrics });
  stopping.last(() => blob.damage.close());

  const needed = (needsAll ? contracts : plugins.flatMap(({ needs }) => needs)).map(({ name }) => name);
  const optional = () => ({
    cache: cache.away(),
    replicas: database.replicas?.unusedReason(),
    registry: cluster?.registryAway(),
  });
  const searchIndex = () => searchIndexLack(config, share);
  let isStarted = false;
  const state = () => (stopping.isUnderWay ? "draining" : isStarted ? "ready" : "starting");
  const readiness = createReadiness({ state, host, blob, cluster, share, needed, optional, searchIndex });
  const limits = server.rateLimit ? live : undefined;
  const reads = database.replicas && new ReadPositions({ cache });
  const ports = { config, share, contracts, host, adapters, reads, log, instance, limits, readiness, metricsAccess };
  // Others are to know before the ports close.
  stopping.first(() => cluster?.withdraw());
  const { http: port, rpc } = await openPorts(ports, { secrets, tls }, stopping);
  await host.run();
  const registration =
    rpc === undefined ? undefined : registrationOf(config, share, packageJson.version, { http: port, rpc });
  if (cluster) joinFleet({ cluster, registration, host, caches: adapters.caches, instance, log, stopping });
  const beside = { config, instance, share, host, adapters, cluster, readiness, state, optional, searchIndex };
  const report = startMonitoring({ ...beside, stopping, log });

  if (share.isPart) await othersReady(readiness, log);
  isStarted = true;
  report();
  // Only the process of the gateway knows the address that users visit.
  const { token } = share.hasGateway
    ? await (await accountsOf(host)).firstRunLink({}, newCall({ caller: "gateway" }))
    : {};
  await announce({ config, port, firstRunToken: token, readyMs: performance.now() - began, log });
  collectGarbage();
}

/**
 * A process of a topology gives back the garbage of its start, 20 MB, which V8 would keep until as much is allocated again.
 * It takes 0.1 s, once. Node has the function by an option; elsewhere nothing happens.
 */
function collectGarbage(): void {
  setTimeout(
    () => void globalThis.gc?.({ type: "major", execution: "async", flavor: "last-resort" }),
    garbageAfterMs,
  ).unref();
}

interface Joining extends Pick<Run, "instance" | "log" | "stopping"> {
  readonly cluster: Cluster;
  /** Undefined for a gateway that no process calls. */
  readonly registration: Registration | undefined;
  readonly host: ServiceHost;
  readonly caches: Adapters<Databases>["caches"];
}

/** Makes the process known to the others until it drains, and follows what is invalidated in their caches. */
function joinFleet({ cluster, registration, host, caches, instance, log, stopping }: Joining): void {
  if (registration) cluster.register(registration);
  stopping.draining(() => void cluster.withdraw());
  const follower = startCacheFollower({ client: host.client(cacheContract, "gateway"), caches, instance, log });
  stopping.last(() => follower.stop());
}

/** The contracts of services and of those that they ask; a process loads no others that it does not use. */
const contractsOf = (plugins: readonly Plugin[]): Contract[] => [
  ...new Set(plugins.flatMap(({ contract, needs }) => [contract, ...needs])),
];

/** Opens the ports, and closes them when the process stops. */
async function openPorts(
  parts: PublicServerParts,
  identity: { readonly secrets: Secrets; readonly tls: RenewedCertificates | undefined },
  stopping: Shutdown,
) {
  const { server, cluster } = parts.config;
  // Known only once the port is open, where the system chooses it.
  let { port } = server;
  const rpcParts = { ...parts, ...parts.adapters, ...identity, address: () => publicAddressOf(server, port) };
  const rpc = cluster.rpcPort === undefined ? undefined : await (await import("./rpc.ts")).openRpc(rpcParts);
  const publicServer = await openPublicServer(parts);
  port = await publicServer.listen({ port: server.port, host: server.host });
  stopping.draining(() => publicServer.drain());
  stopping.first(() => publicServer.close());
  stopping.first(() => rpc?.stop());
  return { http: port, rpc: rpc?.port };
}

interface PublicServerParts extends Pick<Run, "config" | "instance" | "log"> {
  readonly share: Share;
  /** Every service of the installation, where the gateway runs. */
  readonly contracts: readonly Contract[];
  readonly host: ServiceHost;
  /** The recorder of commit positions, if the database has replicas. */
  readonly reads: ReadPositions | undefined;
  readonly adapters: Adapters<Databases>;
  readonly limits: CallerRates | undefined;
  readonly readiness: Readiness;
  readonly metricsAccess: MetricsAccess;
}

/** The server of the public port: the whole gateway, or the operations of a process without it. */
async function openPublicServer({ config, share, contracts, host, reads, adapters, ...parts }: PublicServerParts) {
  const { log, instance, limits, readiness, metricsAccess } = parts;
  const { server } = config;
  const { metrics } = adapters;
  const answersRest = share.hasGateway || server.serviceRest;
  const publicServer = await createFastifyServer({
    log,
    metrics,
    failed: failureOf,
    trustedProxies: server.trustedProxies,
    connectionLimits: config.limits,
    // Processes without REST have no clients but those of their operations.
    ...(answersRest && { addressRules: addressRulesOf(config) }),
    ...(server.tlsCert !== undefined &&
      server.tlsKey !== undefined && { tls: { cert: server.tlsCert, key: server.tlsKey } }),
  });
  const { missing: ready, degradations } = readiness;
  const operations = { metrics, metricsAccess, ready, degradations, version: packageJson.version };
  if (!answersRest) {
    operationsAlone(publicServer, operations);
    return publicServer;
  }
  // The code of public APIs is loaded where it is served.
  const { serveGateway, serveServices } = await import("./gateway/gateway-server.ts");
  await (share.hasGateway ? serveGateway : serveServices)(publicServer, {
    ...operations,
    config,
    adapters,
    host,
    reads,
    log,
    limits,
    instance,
    contracts: share.isPart && share.hasGateway ? contracts : host.contracts,
  });
  return publicServer;
}

/** Other processes than that of the gateway and that of accounts do without this contract. */
const accountsOf = async (host: ServiceHost) =>
  host.client((await import("../../src/services/auth/contract.ts")).auth, "gateway");

/** The administrator and the demo content that the configuration asks for. */
async function makeAccounts({ adminUsername, adminPassword, demo }: Config["site"], host: ServiceHost): Promise<void> {
  const accounts = await accountsOf(host);
  const call = () => newCall({ caller: "gateway" });
  if (adminUsername !== undefined && adminPassword !== undefined)
    await accounts.ensure({ username: adminUsername, password: adminPassword, role: "admin" }, call());
  if (demo) await accounts.requestDemo({}, call());
}

/** Settles when the services a part calls are reachable: in whichever order processes start, each waits for the others a while. */
async function othersReady({ vital, unreachable }: Readiness, log: Log): Promise<void> {
  const patientUntil = performance.now() + othersMs;
  for (let attempt = 0; ; attempt++) {
    const away = { ...(await vital()), ...(performance.now() < patientUntil && (await unreachable())) };
    if (Object.keys(away).length === 0) return;
    if (attempt === 0) log.warn("waiting for other processes", { missing: away });
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
