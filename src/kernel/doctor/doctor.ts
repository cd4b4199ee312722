import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, ConfigError, loadConfig } from "../config/load.ts";
import type { Roles } from "../config/roles.ts";
import { cacheCheck } from "./cache.ts";
import { connectionsCheck } from "./connections.ts";
import { databaseCheck } from "./database.ts";
import { ffmpegCheck } from "./ffmpeg.ts";
import { type Finding, missing, ok } from "./finding.ts";
import { limitsFinding } from "./limits.ts";
import { replicaChecks } from "./replicas.ts";
import { folderCheck, portCheck, spaceCheck } from "./system.ts";

export type { Finding } from "./finding.ts";

/**
 * Reports what this machine has and lacks for Kinora, in plain words, each lack with its remedy. Changes nothing and
 * needs no running server; `root` is the repository's folder, `env` and `argv` are those of the process. `parts`
 * adds findings that the kernel cannot make: known vulnerabilities of FFmpeg, its sandbox, and the search index.
 */
export async function examine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  root: string,
  parts: (config: Config, searchPath: string) => Promise<Finding[]>,
  roles: Roles,
): Promise<Finding[]> {
  const { config, findings } = readConfig(argv, env, cwd, roles);
  const path = env["PATH"] ?? "";
  return [
    ...findings,
    limitsFinding(config.limits),
    await nodeCheck(root),
    await folderCheck(config.data),
    await spaceCheck(config.data),
    await databaseCheck(config),
    ...(await connectionsCheck(config)),
    ...(await replicaChecks(config.db)),
    await cacheCheck(config.cache),
    await ffmpegCheck(config.media.ffmpeg, path),
    ...(await parts(config, path)),
    await portCheck("public port", config.server.host, config.server.port, "--port"),
    ...(config.cluster.rpcPort === undefined
      ? []
      : [await portCheck("RPC port", config.cluster.rpcHost, config.cluster.rpcPort, "--rpc-port")]),
  ];
}

/** A configuration that cannot be used is one of the findings; the rest is examined with the defaults. */
function readConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  roles: Roles,
) {
  try {
    const { config, sources } = loadConfig(argv, env, cwd, roles);
    const places = Object.values(sources);
    const says = places.length === 0 ? "nothing is configured, all defaults" : `set by ${places.join(", ")}`;
    return { config, findings: [ok("configuration", says)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map(({ where, says }) =>
      missing("configuration", `${where}: ${says}`, "correct it, or take it out; docs/configuration.md lists all"),
    );
    const { config } = loadConfig(["--help"], {}, cwd, roles);
    return { config: { ...config, data: join(cwd, "data") }, findings };
  }
}

async function nodeCheck(root: string): Promise<Finding> {
  const text = await readFile(join(root, "package.json"), "utf8");
  const platform = `${process.platform}-${process.arch}`;
  const [, wanted] = new RegExp(`"node-${platform}": ?"([\\d.]+)"`).exec(text) ?? [];
  if (wanted === undefined) return ok("Node", `${process.version}; there is no package of it for ${platform}`);
  return process.version === `v${wanted}`
    ? ok("Node", `${process.version}, the pinned one`)
    : missing("Node", `${process.version} runs, ${wanted} is pinned`, "start through npm, or remove node_modules");
}
