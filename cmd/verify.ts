import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DiskBlobStore } from "../src/kernel/blob/disk.ts";
import type { Scrutiny } from "../src/kernel/blob/verify.ts";
import { embeddedCache } from "../src/kernel/cache/embedded.ts";
import type { Config } from "../src/kernel/config/load.ts";
import { keptSecret } from "../src/kernel/config/secret.ts";
import { realEnvironment } from "../src/kernel/environment.ts";
import { ServiceHost } from "../src/kernel/host.ts";
import { silentLog } from "../src/kernel/log/port.ts";
import { prometheusMetrics } from "../src/kernel/telemetry/prometheus.ts";
import { PostgresError } from "../src/kernel/postgres.ts";
import { databases } from "./databases.ts";
import { pluginsOf } from "./plugins.ts";
import { settingsOf } from "./settings.ts";

/** What must never be and is, in the tables and bytes of a data folder no process runs on. Changes nothing but migrations. */
export async function verify(config: Config, scrutiny: Scrutiny): Promise<{ service: string; finding: string }[]> {
  const { data, blob: blobs, db } = config;
  // A name that was mistyped must not become a new installation in which all is well.
  if (db.url === undefined && !existsSync(join(data, "postgres")))
    throw new PostgresError("failed", `there is nothing to look through in ${data}`);
  const environment = realEnvironment();
  const database = await databases(config, silentLog, environment.failpoints);
  const host = new ServiceHost({
    environment,
    log: silentLog,
    metrics: prometheusMetrics(),
    blob: new DiskBlobStore({
      folder: blobs.url ? fileURLToPath(blobs.url) : join(data, "blobs"),
      disk: environment.disk,
      failpoints: environment.failpoints,
      now: environment.now,
    }),
    cache: embeddedCache(),
    instance: "doctor",
    node: 0,
    open: (...given) => database.open(...given),
    settings: settingsOf(config),
    secret: (name) => keptSecret(join(data, "secrets"), name),
  });
  try {
    const plugins = await pluginsOf();
    await database.check(plugins);
    await host.addAll(plugins);
    const findings = [];
    for await (const finding of host.verify(scrutiny)) findings.push(finding);
    return findings;
  } finally {
    await host.stop();
    await database.close();
  }
}
