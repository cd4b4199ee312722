import { DiskBlobStore } from "../blob/disk/disk.ts";
import { embeddedCache } from "../cache/embedded.ts";
import { type DbAddress, openDb } from "../db/pool.ts";
import { realDisk } from "../environment/disk.ts";
import { type Environment, realEnvironment } from "../environment/environment.ts";
import { noFailpoints } from "../environment/failpoint.ts";
import { ServiceHost } from "../host/host.ts";
import type { HostParts } from "../host/parts.ts";
import { createSealing } from "../keys/sealing.ts";
import { silentLog } from "../log/port.ts";
import { createGuardedOutgoing } from "../outgoing/guarded.ts";
import type { Plugin } from "../host/plugin.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";

/** The databases of services, which outlive the processes that run them. */
export type Databases = Readonly<Record<string, DbAddress>>;

/** A process that runs these services on given databases, beside others on the same ones. */
export async function startProcess(
  plugins: readonly Plugin[],
  databases: Databases,
  { environment = {}, ...parts }: Partial<Omit<HostParts, "environment">> & { environment?: Partial<Environment> } = {},
): Promise<ServiceHost> {
  const host = new ServiceHost({
    environment: realEnvironment(environment),
    log: silentLog,
    metrics: createPrometheusMetrics(),
    blob: new DiskBlobStore({ folder: "/nowhere", disk: realDisk, failpoints: noFailpoints, now: Date.now }),
    cache: embeddedCache(),
    outgoing: createGuardedOutgoing({ allow: [], log: silentLog }),
    instance: `process ${process.pid}`,
    schedule: () => ({ stop: async () => undefined }),
    sealing: createSealing(["a cluster secret for tests"]),
    settings: () => ({}),
    open: async ({ service }, committed) => openDb<unknown>(databases[service] ?? { url: "" }, { service, committed }),
    ...parts,
  });
  for (const plugin of plugins) await host.add(plugin);
  await host.run();
  return host;
}
