import type { Config } from "../../../src/kernel/config/load.ts";
import type { Log } from "../../../src/kernel/log/port.ts";
import type { ServiceHost } from "../../../src/kernel/host/host.ts";
import { monitor } from "../../../src/services/monitor/contract.ts";
import { startReporting } from "../../../src/services/monitor/reporter.ts";
import { transcoder } from "../../../src/services/transcoder/contract.ts";
import packageJson from "../../../package.json" with { type: "json" };
import type { Adapters } from "../adapters.ts";
import type { Cluster } from "../fleet/cluster.ts";
import { createComponents } from "./components.ts";
import type { Databases } from "../databases/databases.ts";
import type { ProcessState, Readiness } from "../readiness.ts";
import type { Share } from "../share.ts";
import type { Shutdown } from "../shutdown.ts";

interface Parts {
  readonly config: Config;
  readonly instance: string;
  readonly share: Share;
  readonly host: ServiceHost;
  readonly adapters: Adapters<Databases>;
  readonly cluster: Cluster | undefined;
  readonly readiness: Readiness;
  readonly state: () => ProcessState;
  /** Why optional parts of this process cannot be used. */
  readonly optional: () => Readonly<Record<string, string | undefined>>;
  readonly searchIndex: () => Promise<string | undefined>;
  readonly stopping: Shutdown;
  readonly log: Log;
}

/**
 * Reports this process to the monitor service, wherever that runs, until it stops. Yields a function that reports a change
 * of its state.
 */
export function startMonitoring({ config, instance, share, host, adapters, cluster, ...parts }: Parts): () => void {
  const { database, blob, cache, metrics } = adapters;
  const { readiness, state, optional, searchIndex, stopping, log } = parts;
  const { replicas } = database;
  const hasElasticsearch = share.services.includes("search") && config.search.elasticsearchUrl !== undefined;
  const reporter = startReporting({
    client: host.client(monitor, "gateway"),
    metrics,
    instance,
    version: packageJson.version,
    services: [...(share.hasGateway ? ["gateway"] : []), ...share.services],
    state,
    components: createComponents({
      host,
      blob,
      cache,
      hasRedis: config.cache.redisUrl !== undefined,
      replicas: replicas && (() => replicas.unusedReason()),
      registry: cluster && (() => cluster.registryAway()),
      searchIndex: hasElasticsearch ? searchIndex : undefined,
      unreachable: readiness.unreachable,
      transcoder: share.services.includes("transcoder") ? host.client(transcoder, "gateway") : undefined,
    }),
    lacks: () => JSON.stringify(optional()),
    log,
  });
  stopping.draining(() => reporter.report());
  stopping.last(() => reporter.stop());
  return () => reporter.report();
}
