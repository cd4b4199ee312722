import { join } from "node:path";
import type { Config } from "../../../src/kernel/config/load.ts";
import { keptSecret } from "../../../src/kernel/config/secret.ts";
import type { Secrets } from "../../../src/kernel/keys/port.ts";

/**
 * The secret that all processes of the installation share, and the one before it while that is accepted too. Without a
 * configured one, it is that of the data folder.
 */
export async function clusterSecretsOf({ cluster, data }: Config): Promise<Secrets> {
  const secret = cluster.secret ?? (await keptSecret(join(data, "secrets"), "cluster"));
  return cluster.previousSecret === undefined ? [secret] : [secret, cluster.previousSecret];
}

/** The file of that secret, for other processes on the data folder; undefined where the configuration has one. */
export async function secretFileOf(config: Config): Promise<string | undefined> {
  if (config.cluster.secret !== undefined) return undefined;
  await clusterSecretsOf(config);
  return join(config.data, "secrets", "cluster");
}
