import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Scrutiny } from "../../src/kernel/blob/verify.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import { silentLog } from "../../src/kernel/log/port.ts";
import { PostgresError } from "../../src/kernel/postgres/postgres.ts";
import { adaptersOf, hostOver } from "../compose/adapters.ts";
import { loadPlugins } from "../services.ts";

/** Violated invariants in the tables and bytes of a stopped data folder. Changes nothing, save for migrations. */
export async function verify(config: Config, scrutiny: Scrutiny): Promise<{ service: string; finding: string }[]> {
  const { data, db } = config;
  // A name that was mistyped must not become a new installation in which all is well.
  if (db.url === undefined && !existsSync(join(data, "postgres")))
    throw new PostgresError("failed", `there is nothing to look through in ${data}`);
  const adapters = await adaptersOf(config, silentLog);
  const { database } = adapters;
  const host = hostOver(config, adapters, { instance: "doctor", node: 0 });
  try {
    const plugins = await loadPlugins();
    await database.upgrade(plugins);
    await host.addAll(plugins);
    const findings = [];
    for await (const finding of host.verify(scrutiny)) findings.push(finding);
    return findings;
  } finally {
    await host.stop();
    await database.close();
  }
}
