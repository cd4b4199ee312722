import { setTimeout as sleep } from "node:timers/promises";
import { type Config, ConfigError } from "../../src/kernel/config/load.ts";
import { JobMissing } from "../../src/kernel/db/upgrade/migration-job.ts";
import { NewerSchema } from "../../src/kernel/db/upgrade/migrate.ts";
import type { Plugin } from "../../src/kernel/host/plugin.ts";
import { createFastifyServer } from "../../src/kernel/http/fastify/fastify.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import { createPrometheusMetrics } from "../../src/kernel/telemetry/prometheus.ts";
import { failureOf } from "../../src/gateway/format/envelope.ts";
import packageJson from "../../package.json" with { type: "json" };
import type { Databases } from "./databases/databases.ts";
import { metricsAccessOf, operationsAlone } from "./operations.ts";

interface Parts {
  readonly config: Config;
  readonly database: Pick<Databases, "upgrade" | "missing">;
  readonly plugins: readonly Plugin[];
  readonly log: Log;
}

/**
 * Settles when the tables of these services are up to date: this process changes them, or waits until a job has.
 * @throws JobMissing when the job has not come in `KINORA_MIGRATE_WAIT`.
 */
export async function prepareTables({ config, database, plugins, log }: Parts): Promise<void> {
  if (config.db.migrate === "auto") return database.upgrade(plugins);
  const [beganMs, waitMs] = [performance.now(), config.db.migrateMsMax];
  let steps = await database.missing(plugins);
  if (steps === 0) return;
  const port = await openWaitingPort(config, log, () => ({
    tables: `${steps} steps are missing: run npm run migrate`,
  }));
  try {
    log.warn("waiting for npm run migrate", { steps, port: port.number });
    while (steps > 0) {
      if (performance.now() - beganMs > waitMs) throw new JobMissing(steps, waitMs);
      await sleep(pollMs);
      steps = await database.missing(plugins).catch((error: unknown) => {
        if (error instanceof NewerSchema || error instanceof ConfigError) throw error;
        log.warn("the database does not answer", { err: error });
        return steps;
      });
    }
  } finally {
    await port.close();
  }
}
const pollMs = 1_000;

/** The public port while the tables are not there: alive, and not ready for a reason. */
async function openWaitingPort(config: Config, log: Log, reasons: () => Record<string, string>) {
  const { server: at, limits } = config;
  // Metrics of their own: those of the process belong to the port that opens later.
  const metrics = createPrometheusMetrics();
  const server = await createFastifyServer({
    log,
    metrics,
    failed: failureOf,
    trustedProxies: at.trustedProxies,
    connectionLimits: limits,
    ...(at.tlsCert !== undefined && at.tlsKey !== undefined && { tls: { cert: at.tlsCert, key: at.tlsKey } }),
  });
  operationsAlone(server, {
    metrics,
    metricsAccess: await metricsAccessOf(config, log),
    ready: async () => reasons(),
    degradations: async () => ({}),
    version: packageJson.version,
  });
  const number = await server.listen({ port: at.port, host: at.host });
  return { number, close: () => server.close() };
}
