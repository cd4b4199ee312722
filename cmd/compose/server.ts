import { hostname } from "node:os";
import { join } from "node:path";
import { failed } from "../src/gateway/rest/envelope.ts";
import { gateway, defaultLimits } from "../src/gateway/gateway.ts";
import { ReadPositions, withReadPositions } from "../src/gateway/identity/read-positions.ts";
import { newCall } from "../src/kernel/call.ts";
import type { Contract } from "../src/kernel/contract.ts";
import type { Config } from "../src/kernel/config/load.ts";
import { keptSecret } from "../src/kernel/config/secret.ts";
import { fastifyServer } from "../src/kernel/http/fastify.ts";
import { pinoLog } from "../src/kernel/log/pino.ts";
import type { Log } from "../src/kernel/log/port.ts";
import { startPostgres } from "../src/kernel/postgres/postgres.ts";
import { auth } from "../src/services/auth/contract.ts";
import packageJson from "../package.json" with { type: "json" };
import { announce, logFormatOf } from "./announce.ts";
import { adaptersOf, assemble } from "./assemble.ts";
import { busOf } from "./bus.ts";
import { cacheStoreOf } from "./cache.ts";
import { loadContracts, loadPlugins } from "./services.ts";
import { onStop } from "./onstop.ts";
import { operationsAlone } from "./operations.ts";
import { assertPortsFree } from "./ports.ts";
import { nodeOf, shareOf } from "./share.ts";

const dayMs = 24 * 3_600_000;
const root = join(import.meta.dirname, "..");

/**
 * Starts what the configuration asks for and returns when it is ready; signals end it from the first moment on. Where
 * one comes before it is ready it returns too, and the stop ends the process. `postgres` yields the embedded database.
 */
export async function start(config: Config, postgres = startPostgres): Promise<void> {
  const instance = `${hostname()}:${config.data}`;
  const { logLevel: level } = config.telemetry;
  const log = pinoLog({ level, format: logFormatOf(config), instance, version: packageJson.version });
  const stopping = onStop(log, config.server.stopMsMax);
  try {
    await run({ config, instance, log, stopping, postgres });
  } catch (error) {
    // It misses what the stop has taken away already.
    if (!stopping.isUnderWay) throw error;
    log.info("the start was given up for the stop", { err: error });
  }
}

interface Run {
  readonly config: Config;
  readonly instance: string;
  readonly log: Log;
  readonly stopping: ReturnType<typeof onStop>;
  readonly postgres: typeof startPostgres;
}

async function run({ config, instance, log, stopping, postgres }: Run): Promise<void> {
  const began = performance.now();
  const share = shareOf(config);
  const contracts = await loadContracts();
  await assertPortsFree(config);
  const { data, server, site, media } = config;
  const adapters = await adaptersOf(config, log, postgres, await cacheStoreOf(config.cache, log));
  const { environment, metrics, blob, cache, database } = adapters;
  stopping.last(() => database.close());
  stopping.last(() => cache.close());
  stopping.when(database.exited, "the database ended");

  const secret = config.cluster.secret ?? (await keptSecret(join(data, "secrets"), "cluster"));
  const cluster = share.isPart ? (await import("./cluster.ts")).clusterOf(config, share, secret, log) : undefined;
  const bus = await busOf(config, cluster, log);
  const host = assemble(config, adapters, {
    instance,
    services: contracts,
    node: share.isPart ? nodeOf(instance) : 0,
    bus,
    ...(cluster && { remote: cluster.remote }),
  });
  // Parts may share a folder, where what is young can be another's work; everybody else holds it alone.
  await blob.sweep(share.isPart ? dayMs : 0);
  const plugins = await loadPlugins(share.services);
  await database.upgrade(plugins);
  await host.addAll(plugins);
  stopping.last(() => cluster?.close());
  stopping.last(() => bus.close());
  stopping.last(() => host.stop());

  const asked =
    share.hasGateway || plugins.some(({ needsAll }) => needsAll) ? contracts : plugins.flatMap(({ needs }) => needs);
  const ready = async () => ({
    ...(await host.ready()),
    ...((reason) => reason && { storage: reason })(await blob.ready()),
    ...(await cluster?.missing(asked.map(({ name }) => name))),
  });
  const limits = server.rateLimit ? defaultLimits : undefined;
  const publicUrl = server.publicUrl?.replace(/\/$/, "");
  const at = { scheme: server.tlsCert === undefined ? "http" : "https", port: server.port };
  const address = () => publicUrl ?? `${at.scheme}://${server.host}:${at.port}`;
  const reads = database.replicas && new ReadPositions({ cache });
  const plain = <C extends Contract>(contract: C) => host.client(contract, "gateway");
  const client = reads ? withReadPositions(plain, reads) : plain;
  const rpcParts = { config, share, contracts, host, reads, blob, address, cache, limits, secret, ready, log, metrics };
  const rpc = config.cluster.rpcPort === undefined ? undefined : await (await import("./rpc.ts")).openRpc(rpcParts);
  const publicServer = await fastifyServer({
    log,
    metrics,
    failed,
    trustedProxies: server.trustedProxies,
    ...(server.tlsCert !== undefined &&
      server.tlsKey !== undefined && { tls: { cert: server.tlsCert, key: server.tlsKey } }),
  });
  const degraded = () => reasons({ cache: cache.away(), replicas: database.replicas?.lost() });
  const told = { metrics, ready, degraded, version: packageJson.version };
  if (share.hasGateway)
    await gateway(publicServer, {
      ...told,
      log,
      blob,
      cache,
      contracts: share.isPart ? contracts : host.contracts,
      client,
      reads,
      site: {
        name: site.name,
        uploadBytesMax: config.upload.fileBytesMax,
        languages: ["en", "zh"],
        features: ["feed", "upload"],
      },
      web: join(root, "web/dist"),
      publicUrl,
      cdnUrl: config.cdn.url,
      limits,
      hotBytesMax: media.segmentCacheBytes,
      instance,
      failpoints: environment.failpoints,
    });
  else operationsAlone(publicServer, { ...told, contracts: host.contracts });
  const port = await publicServer.listen({ port: server.port, host: server.host });
  at.port = port;
  stopping.first(() => publicServer.close());
  stopping.first(() => rpc?.stop());
  await host.run();

  const call = () => newCall({ caller: "gateway" });
  const accounts = host.client(auth, "gateway");
  if (share.services.includes("auth")) {
    if (site.adminUsername !== undefined && site.adminPassword !== undefined)
      await accounts.ensure({ username: site.adminUsername, password: site.adminPassword, role: "admin" }, call());
    if (site.demo) await accounts.requestDemo({}, call());
  }
  if (share.isPart) await othersReady(ready, log);
  // Told by the process that knows the address people come to.
  const { token } = share.hasGateway ? await accounts.firstRunLink({}, call()) : {};
  await announce({ config, port, firstRunToken: token, readyMs: performance.now() - began, log });
}

const reasons = (all: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(all).flatMap(([name, reason]) => (reason === undefined ? [] : [[name, reason]])));

/** A part is ready when those it asks are there too; the order in which processes start does not matter. */
async function othersReady(ready: () => Promise<Record<string, string>>, log: Log): Promise<void> {
  for (let asked = 0; ; asked++) {
    const missing = await ready();
    if (Object.keys(missing).length === 0) return;
    if (asked === 0) log.warn("waiting for other processes", { missing });
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
