import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../src/kernel/config/load.ts";
import { loadConfig } from "./compose/config.ts";
import { silentLog } from "../src/kernel/log/port.ts";
import type { Plugin } from "../src/kernel/host/plugin.ts";
import { PostgresError } from "../src/kernel/postgres/postgres.ts";
import type { ServiceHost } from "../src/kernel/host/host.ts";
import { createCommandAdapters, createServerAdapters, createServiceHost } from "./compose/adapters.ts";
import { addressBeside } from "./compose/databases/running-databases.ts";
import { loadPlugins, resolveRole } from "./services.ts";

const usage = `npm run rebuild -- [SERVICE…] [the flags of npm start]

Works out again what services count and keep of each other: compares it with its rows, puts right what had drifted, and
says what that was. All services, or those that are named. Works beside a running server and without one.

Exit codes: 0 done · 1 it could not be done · 2 asked wrongly`;

/** Yields the exit code. */
export async function rebuild(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  { log, error }: Pick<Console, "log" | "error">,
): Promise<number> {
  if (argv.includes("--help")) {
    log(usage);
    return 0;
  }
  const first = argv.findIndex((word) => word.startsWith("-"));
  const named = (first < 0 ? argv : argv.slice(0, first)).map(resolveRole);
  const all = await loadPlugins();
  const able = all.filter((plugin) => "projections" in plugin).map(({ contract }) => contract.name);
  const unknown = named.filter((name) => !able.includes(name));
  if (unknown.length > 0) {
    error(`${unknown.join(", ")}: there is nothing to rebuild; services are ${able.join(", ")}\n\n${usage}`);
    return 2;
  }
  const { config } = loadConfig(first < 0 ? [] : argv.slice(first), environment, process.cwd());
  const services = named.length > 0 ? named : able;
  const findings = new Map(services.map((service) => [service, 0]));
  for await (const { service, finding } of rebuilt(config, all, services)) {
    findings.set(service, (findings.get(service) ?? 0) + 1);
    log(`${service}: ${finding}`);
  }
  for (const [service, count] of findings)
    log(count === 0 ? `✔ ${service}: nothing had drifted` : `✔ ${service}: ${count} put right`);
  return 0;
}

async function* rebuilt(config: Config, all: readonly Plugin[], names: readonly string[]) {
  const isOpen = (await addressBeside(config, "video")) !== undefined;
  if (!isOpen && !existsSync(join(config.data, "postgres")))
    throw new PostgresError("failed", `there is no database in ${config.data}`);
  const plugins = withNeeds(all, names);
  if (isOpen) {
    const adapters = await createCommandAdapters(config, silentLog);
    try {
      yield* on(createServiceHost(config, adapters, { instance: "rebuild" }), plugins, names);
    } finally {
      await adapters.database.close();
    }
    return;
  }
  const adapters = await createServerAdapters(config, silentLog);
  try {
    await adapters.database.upgrade(all);
    yield* on(createServiceHost(config, adapters, { instance: "rebuild" }), plugins, names);
  } finally {
    await adapters.database.close();
  }
}

async function* on(host: ServiceHost, plugins: readonly Plugin[], names: readonly string[]) {
  try {
    await host.addAll(plugins);
    yield* host.rebuild(names);
  } finally {
    await host.stop();
  }
}

/** These services and all they ask; others would take up their own work when they start. */
function withNeeds(all: readonly Plugin[], names: readonly string[]): Plugin[] {
  const needed = new Set<string>();
  const add = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    for (const need of all.find(({ contract }) => contract.name === name)?.needs ?? []) add(need.name);
  };
  for (const name of names) add(name);
  return all.filter(({ contract }) => needed.has(contract.name));
}
