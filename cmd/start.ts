import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gateway, defaultLimits, portOf } from "../src/gateway/gateway.ts";
import { DiskBlobStore } from "../src/kernel/blob/disk.ts";
import { embeddedCache } from "../src/kernel/cache/embedded.ts";
import { newCall } from "../src/kernel/call.ts";
import type { Config } from "../src/kernel/config/load.ts";
import { keptSecret } from "../src/kernel/config/secret.ts";
import { realEnvironment } from "../src/kernel/environment.ts";
import { armedFailpoints, noFailpoints } from "../src/kernel/failpoint.ts";
import { ServiceHost } from "../src/kernel/host.ts";
import { pinoLog } from "../src/kernel/log/pino.ts";
import type { Log } from "../src/kernel/log/port.ts";
import { prometheusMetrics } from "../src/kernel/telemetry/prometheus.ts";
import { auth } from "../src/services/auth/contract.ts";
import packageJson from "../package.json" with { type: "json" };
import { announce } from "./announce.ts";
import { closerOf } from "./closer.ts";
import { contracts } from "./contracts.ts";
import { databases } from "./databases.ts";
import { onStop } from "./onstop.ts";
import { operationsServer } from "./operations.ts";
import { pluginsOf } from "./plugins.ts";
import { settingsOf } from "./settings.ts";
import { nodeOf, shareOf } from "./share.ts";

const dayMs = 24 * 3_600_000;
const root = join(import.meta.dirname, "..");

/** Starts what the configuration asks for and returns when it is ready; from then on signals end it. */
export async function start(config: Config): Promise<void> {
  const began = performance.now();
  const share = shareOf(config);
  const { data, server, site, telemetry, blob: blobs, media } = config;
  const instance = `${hostname()}:${data}`;
  const log = pinoLog({ level: telemetry.logLevel, instance, version: packageJson.version });
  const stopping = onStop(log);
  const metrics = prometheusMetrics();
  const { failpoint } = telemetry;
  const environment = realEnvironment({ failpoints: failpoint ? armedFailpoints(failpoint) : noFailpoints });

  const database = await databases(config, log, environment.failpoints);
  stopping.last(() => database.close());
  stopping.when(database.exited, "the database ended");

  const blob = new DiskBlobStore({
    folder: blobs.url ? fileURLToPath(blobs.url) : join(data, "blobs"),
    disk: environment.disk,
    failpoints: environment.failpoints,
    now: environment.now,
  });
  const cache = embeddedCache();
  const secret = config.cluster.secret ?? (await keptSecret(join(data, "secrets"), "cluster"));
  const cluster = share.isPart ? (await import("./cluster.ts")).clusterOf(config, share, secret, log) : undefined;
  const host = new ServiceHost({
    environment,
    log,
    metrics,
    blob,
    cache,
    instance,
    node: share.isPart ? nodeOf(instance) : 0,
    ...(cluster && { remote: cluster.remote, remoteBus: cluster.remoteBus }),
    open: (...given) => database.open(...given),
    settings: settingsOf(config),
    secret: (name) => keptSecret(join(data, "secrets"), name),
  });
  // Where processes share a folder, what is young may be another's work.
  await blob.sweep(share.isPart && blobs.url !== undefined ? dayMs : 0);
  const plugins = await pluginsOf(share.services);
  await database.check(plugins);
  await host.addAll(plugins);
  stopping.last(() => cluster?.close());
  stopping.last(() => host.stop());

  const asked = share.hasGateway ? contracts : plugins.flatMap(({ needs }) => needs);
  const ready = async () => ({
    ...(await host.ready()),
    ...((reason) => reason && { storage: reason })(await blob.ready()),
    ...(await cluster?.missing(asked.map(({ name }) => name))),
  });
  const limits = server.rateLimit ? defaultLimits : undefined;
  const rpcParts = { config, share, host, cache, limits, secret, ready, log, metrics };
  const rpc = config.cluster.rpcPort === undefined ? undefined : await (await import("./rpc.ts")).openRpc(rpcParts);
  const publicPort = {
    log,
    metrics,
    ready,
    version: packageJson.version,
    trustedProxies: server.trustedProxies,
    ...(server.tlsCert !== undefined &&
      server.tlsKey !== undefined && { tls: { cert: server.tlsCert, key: server.tlsKey } }),
  };
  const openGateway = () =>
    gateway({
      ...publicPort,
      blob,
      cache,
      contracts: share.isPart ? contracts : host.contracts,
      client: (contract) => host.client(contract, "gateway"),
      site: {
        name: site.name,
        uploadBytesMax: config.upload.fileBytesMax,
        languages: ["en", "zh"],
        features: ["feed", "upload"],
      },
      web: join(root, "web/dist"),
      publicUrl: server.publicUrl?.replace(/\/$/, ""),
      limits,
      hotBytesMax: media.segmentCacheBytes,
      failpoints: environment.failpoints,
    });
  const app = await (share.hasGateway ? openGateway() : operationsServer({ ...publicPort, contracts: host.contracts }));
  const close = closerOf(app);
  await app.listen({ port: server.port, host: server.host });
  stopping.first(close);
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
  await announce({ config, port: portOf(app), firstRunToken: token, readyMs: performance.now() - began, log });
}

/** A part is ready when those it asks are there too; the order in which processes start does not matter. */
async function othersReady(ready: () => Promise<Record<string, string>>, log: Log): Promise<void> {
  for (let asked = 0; ; asked++) {
    const missing = await ready();
    if (Object.keys(missing).length === 0) return;
    if (asked === 0) log.warn("waiting for other processes", { missing });
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
