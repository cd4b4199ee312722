import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { BlobStores } from "#kernel/blob/stores/stores";
import { embeddedCache } from "#kernel/cache/embedded";
import { openDb } from "#kernel/db/pool";
import { realDisk } from "#kernel/environment/disk";
import { realEnvironment } from "#kernel/environment/environment";
import { createFailpoints, noFailpoints } from "#kernel/environment/failpoint";
import { ServiceHost } from "#kernel/host/host";
import { createSealing } from "#kernel/keys/sealing";
import { silentLog } from "#kernel/log/port";
import { createGuardedOutgoing } from "#kernel/outgoing/guarded";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { callOf } from "#kernel/host/testing";
import { mediaPlugin } from "#services/media/plugin";
import { transfer } from "#services/transfer/contract";
import { transferPlugin } from "#services/transfer/plugin";
import { uploadPlugin } from "#services/upload/plugin";
import { until } from "../../until.ts";

/** The ground of a mover: two folders and the databases of its services. */
export interface Ground {
  readonly near: string;
  readonly far: string;
  readonly databases: Readonly<Record<string, { host: string; user: string; database: string }>>;
  readonly failpoint?: string;
  /** Also begins the regular reading of both stores, within a second, and waits until it is over. */
  readonly isScrubbing?: boolean;
}

const scrub = { scrubEveryMs: 3_600_000, scrubAfterStartMs: 0, scrubPattern: "* * * * * *" };

/** Upload, media and transfer over two disks, with nothing running yet. */
export async function mover({ near, far, databases, failpoint, isScrubbing = false }: Ground) {
  const failpoints = failpoint === undefined ? noFailpoints : createFailpoints(failpoint);
  const disk = (folder: string) => new DiskBlobStore({ folder, disk: realDisk, failpoints, now: Date.now });
  const stores = new BlobStores({
    stores: new Map([
      ["near", disk(near)],
      ["far", disk(far)],
    ]),
    places: {},
  });
  const host = new ServiceHost({
    environment: realEnvironment({ failpoints }),
    log: silentLog,
    metrics: createPrometheusMetrics(),
    blob: stores,
    cache: embeddedCache(),
    outgoing: createGuardedOutgoing({ allow: [], log: silentLog }),
    instance: "mover",
    sealing: createSealing(["a cluster secret for tests"]),
    settings: (service) => (service === "transfer" ? { graceMs: 0, againMs: 20, ...(isScrubbing && scrub) } : {}),
    open: async ({ service }, committed) => openDb<unknown>(databases[service] ?? { url: "" }, { service, committed }),
  });
  for (const plugin of [uploadPlugin, mediaPlugin, transferPlugin]) await host.add(plugin as typeof uploadPlugin); // Each is added as it is.
  return { host, stores };
}

if (process.argv[1] === import.meta.filename) {
  // The test that started this process gives the data in its arguments.
  const ground = JSON.parse(process.argv[2] ?? "") as Ground;
  const { host, stores } = await mover(ground);
  await stores.sweep(0);
  await host.run();
  const admin = callOf(1, { role: "admin" });
  if (ground.isScrubbing === true)
    await until(async () => {
      const { items } = await host.client(transfer).list({}, admin);
      return items.length > 1 && items.every(({ status }) => status === "done");
    });
  await host.drain();
  await host.stop();
}
