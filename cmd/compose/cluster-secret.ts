import { join } from "node:path";
import type { Config } from "../../src/kernel/config/load.ts";
import { keptSecret } from "../../src/kernel/config/secret.ts";

/** The secret that all processes of the installation share; without a configured one, that of the data folder. */
export const clusterSecretOf = async ({ cluster, data }: Config): Promise<string> =>
  cluster.secret ?? keptSecret(join(data, "secrets"), "cluster");
