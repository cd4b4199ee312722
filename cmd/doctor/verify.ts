import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Scrutiny } from "../../src/kernel/blob/verify.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import type { Plugin } from "../../src/kernel/host/plugin.ts";
import { silentLog } from "../../src/kernel/log/port.ts";
import { PostgresError } from "../../src/kernel/postgres/postgres.ts";
import { createCommandAdapters, createServerAdapters, createServiceHost } from "../compose/adapters.ts";
import { addressBeside } from "../compose/databases/running-databases.ts";
import { loadPlugins } from "../services.ts";

interface Finding {
  readonly service: string;
  readonly finding: string;
}

/** After this time, what a running server changed during a look is settled. */
const secondLookMs = 3_000;

/**
 * Violated invariants in the tables and bytes of a data folder. Changes nothing, save for migrations where no server runs.
 * Beside a running server, a finding is reported if a second look has it too: rows and bytes change between two reads.
 */
export async function verify(config: Config, scrutiny: Scrutiny): Promise<Finding[]> {
  const { data, db } = config;
  // A name that was mistyped must not become a new installation in which all is well.
  if (db.url === undefined && !existsSync(join(data, "postgres")))
    throw new PostgresError("failed", `there is nothing to look through in ${data}`);
  const plugins = await loadPlugins();
  const isBeside = (await addressBeside(config, "video")) !== undefined;
  const adapters = isBeside ? await createCommandAdapters(config, silentLog) : await upgradedAdapters(config, plugins);
  const host = createServiceHost(config, adapters, { instance: "doctor" });
  try {
    await host.addAll(plugins);
    const first = await Array.fromAsync(host.verify(scrutiny));
    if (!isBeside || first.length === 0) return first;
    await setTimeout(secondLookMs);
    const again = new Set((await Array.fromAsync(host.verify(scrutiny))).map(textOf));
    return first.filter((finding) => again.has(textOf(finding)));
  } finally {
    await host.stop();
    await adapters.database.close();
  }
}

async function upgradedAdapters(config: Config, plugins: readonly Plugin[]) {
  const adapters = await createServerAdapters(config, silentLog);
  try {
    await adapters.database.upgrade(plugins);
    return adapters;
  } catch (error) {
    await adapters.database.close();
    throw error;
  }
}

const textOf = ({ service, finding }: Finding): string => `${service}: ${finding}`;
