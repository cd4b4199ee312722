import { join } from "node:path";
import { cacheOver } from "../../src/kernel/cache/cached.ts";
import { measuredStore } from "../../src/kernel/cache/measured.ts";
import { embeddedStore } from "../../src/kernel/cache/embedded.ts";
import type { BlobStores } from "../../src/kernel/blob/stores/stores.ts";
import type { Cache, CacheStore } from "../../src/kernel/cache/port.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import { keptSecret } from "../../src/kernel/config/secret.ts";
import { type Environment, realEnvironment } from "../../src/kernel/environment/environment.ts";
import { armedFailpoints, noFailpoints } from "../../src/kernel/environment/failpoint.ts";
import { ServiceHost } from "../../src/kernel/host/host.ts";
import type { HostParts } from "../../src/kernel/host/parts.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import type { Mailer } from "../../src/kernel/mail/port.ts";
import { guardedOutgoing } from "../../src/kernel/outgoing/guarded.ts";
import type { Outgoing } from "../../src/kernel/outgoing/port.ts";
import { startPostgres } from "../../src/kernel/postgres/postgres.ts";
import type { Metrics } from "../../src/kernel/telemetry/port.ts";
import { prometheusMetrics } from "../../src/kernel/telemetry/prometheus.ts";
import { blobStores } from "./blobs.ts";
import { databasesBeside } from "./running-databases.ts";
import { type Databases, databases } from "./databases.ts";
import { mailerOf } from "./mail.ts";
import { settingsOf } from "./settings.ts";

/**
 * The adapters of services, as the configuration asks for them; `database.close` and `cache.close` are the caller's.
 */
export async function adaptersOf(config: Config, log: Log, postgres = startPostgres, cache = embeddedStore()) {
  const { failpoint } = config.telemetry;
  const environment = realEnvironment({ failpoints: failpoint ? armedFailpoints(failpoint) : noFailpoints });
  const metrics = prometheusMetrics();
  const database = await databases(config, { log, metrics, failpoints: environment.failpoints }, postgres);
  return createAdapters(config, { log, environment, metrics }, database, cache);
}

/** As {@link adaptersOf}, for a process beside those that serve: it begins nothing. */
export const adaptersBeside = (config: Config, log: Log) =>
  createAdapters(
    config,
    { log, environment: realEnvironment({ failpoints: noFailpoints }), metrics: prometheusMetrics() },
    databasesBeside(config),
    embeddedStore(),
  );

/** The technologies of a host, as the installation has chosen them. */
export interface Adapters<D extends Pick<Databases, "open" | "close">> {
  readonly log: Log;
  readonly environment: Environment;
  readonly database: D;
  readonly metrics: Metrics;
  readonly cache: Cache;
  readonly blob: BlobStores;
  readonly outgoing: Outgoing;
  readonly mail: Mailer;
}

async function createAdapters<D extends Pick<Databases, "open" | "close">>(
  config: Config,
  { log, environment, metrics }: { readonly log: Log; readonly environment: Environment; readonly metrics: Metrics },
  database: D,
  cacheStore: CacheStore,
): Promise<Adapters<D>> {
  const cache = cacheOver(measuredStore(cacheStore, metrics));
  const blob = await blobStores(config, environment);
  const outgoing = guardedOutgoing({ allow: config.outgoing.allow, log });
  const mail = await mailerOf(config);
  return { log, environment, database, metrics, cache, blob, outgoing, mail };
}

/** A host over these adapters that runs nothing yet. */
export const hostOver = (
  config: Config,
  { database, ...adapters }: Adapters<Pick<Databases, "open" | "close">>,
  place: Pick<HostParts, "instance" | "node" | "remote" | "peers" | "bus" | "fanout" | "services">,
): ServiceHost =>
  new ServiceHost({
    ...adapters,
    ...place,
    open: (...given) => database.open(...given),
    settings: settingsOf(config),
    secret: (name) => keptSecret(join(config.data, "secrets"), name),
  });
