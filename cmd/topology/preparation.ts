import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../src/kernel/config/load.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import { ProcessFailed } from "../compose/process-failed.ts";
import { nodeOptions, nodeSettings } from "./node-options.ts";
import { ownAddress, servicesOf } from "../compose/share.ts";

const program = join(import.meta.dirname, "prepare.ts");

interface Parts {
  readonly config: Config;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

/** True if processes need the database of the data folder. */
export const needsEmbedded = (config: Config): boolean =>
  config.db.url === undefined && servicesOf(config).some((service) => ownAddress(config, service) === undefined);

/**
 * Has the types of all sources removed once, and brings the tables of a stopped data folder up to date while no process is
 * connected: only then can the database be copied before. A first start has no tables yet.
 * @throws ProcessFailed with the output of the command
 */
export async function prepareProcesses({ config, argv, environment, log }: Parts): Promise<void> {
  const hasTables = needsEmbedded(config) && existsSync(join(config.data, "postgres"));
  const migrateArgv = hasTables ? [...argv, "--topology", "one", "--data", config.data] : [];
  const { code, text } = await run([...process.execArgv, ...nodeOptions, program, ...migrateArgv], environment);
  if (code !== 0) throw new ProcessFailed(`the processes could not be prepared:\n${text}`);
  if (text !== "") log.info("tables are looked at", { output: text });
}

async function run(argv: readonly string[], environment: Parts["environment"]) {
  const child = spawn(process.execPath, argv, {
    env: { ...environment, ...nodeSettings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, text: output.join("").trim() };
}
