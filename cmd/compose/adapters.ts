import { createCache } from "../../src/kernel/cache/cached.ts";
import { CachePolicies } from "../../src/kernel/cache/policies.ts";
import { createMeasuredStore } from "../../src/kernel/cache/measured.ts";
import { createEmbeddedStore } from "../../src/kernel/cache/embedded.ts";
import type { BlobStores } from "../../src/kernel/blob/stores/stores.ts";
import type { Cache, CacheStore } from "../../src/kernel/cache/port.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import { type Environment, realEnvironment } from "../../src/kernel/environment/environment.ts";
import { createFailpoints, noFailpoints } from "../../src/kernel/environment/failpoint.ts";
import { ServiceHost } from "../../src/kernel/host/host.ts";
import type { HostParts } from "../../src/kernel/host/parts.ts";
import { createSealing, type Sealing } from "../../src/kernel/keys/sealing.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import type { Mailer } from "../../src/kernel/mail/port.ts";
import { createGuardedOutgoing } from "../../src/kernel/outgoing/guarded.ts";
import type { Outgoing } from "../../src/kernel/outgoing/port.ts";
import { startPostgres } from "../../src/kernel/postgres/postgres.ts";
import type { Metrics } from "../../src/kernel/telemetry/port.ts";
import { createPrometheusMetrics } from "../../src/kernel/telemetry/prometheus.ts";
import { createBlobStores } from "./blobs.ts";
import { clusterSecretsOf } from "./fleet/cluster-secret.ts";
import { createRunningDatabases } from "./databases/running-databases.ts";
import { type Databases, createDatabases } from "./databases/databases.ts";
import { createMailer } from "./mail.ts";
import { settingsOf } from "./service-settings.ts";

/**
 * The adapters of services, as the configuration asks for them; `database.close` and `cache.close` are the caller's.
 */
export async function createServerAdapters(
  config: Config,
  log: Log,
  postgres = startPostgres,
  cache = createEmbeddedStore(),
) {
  const { failpoint } = config.telemetry;
  const environment = realEnvironment({ failpoints: failpoint ? createFailpoints(failpoint) : noFailpoints });
  const metrics = createPrometheusMetrics();
  const database = await createDatabases(config, { log, metrics, failpoints: environment.failpoints }, postgres);
  return createAdapters(config, { log, environment, metrics }, database, cache);
}

/** As {@link createServerAdapters}, for a command that runs beside a server: no database or cache is started. */
export const createCommandAdapters = (config: Config, log: Log) =>
  createAdapters(
    config,
    { log, environment: realEnvironment({ failpoints: noFailpoints }), metrics: createPrometheusMetrics() },
    createRunningDatabases(config),
    createEmbeddedStore(),
  );

/** The technologies of a host, as the installation has chosen them. */
export interface Adapters<D extends Pick<Databases, "open" | "close">> {
  readonly log: Log;
  readonly environment: Environment;
  readonly database: D;
  readonly metrics: Metrics;
  readonly cache: Cache;
  readonly caches: CachePolicies;
  readonly blob: BlobStores;
  readonly outgoing: Outgoing;
  readonly mail: Mailer;
  readonly sealing: Sealing;
}

async function createAdapters<D extends Pick<Databases, "open" | "close">>(
  config: Config,
  { log, environment, metrics }: { readonly log: Log; readonly environment: Environment; readonly metrics: Metrics },
  database: D,
  cacheStore: CacheStore,
): Promise<Adapters<D>> {
  const cache = createCache(createMeasuredStore(cacheStore, metrics));
  const blob = await createBlobStores(config, environment);
  const outgoing = createGuardedOutgoing({ allow: config.outgoing.allow, log });
  const mail = await createMailer(config);
  const sealing = createSealing(await clusterSecretsOf(config));
  return { log, environment, database, metrics, cache, caches: new CachePolicies(), blob, outgoing, mail, sealing };
}

/** A host over these adapters that runs nothing yet. */
export const createServiceHost = (
  config: Config,
  { database, ...adapters }: Adapters<Pick<Databases, "open" | "close">>,
  place: Pick<HostParts, "instance" | "remote" | "peers" | "bus" | "fanout" | "services">,
): ServiceHost =>
  new ServiceHost({
    ...adapters,
    ...place,
    open: (...given) => database.open(...given),
    settings: (service) => settingsOf(config, service),
  });
