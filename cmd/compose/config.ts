import { readChains } from "../../src/chain/chains.ts";
import { ConfigError, type Loaded, loadConfig as load } from "../../src/kernel/config/load.ts";
import { roles } from "../services.ts";

/**
 * Reads the configuration of a process whose arguments these are.
 * @throws ConfigError with all that is wrong, or that is asked for and not built.
 */
export const loadConfig = (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Loaded => {
  const loaded = load(argv, env, cwd, roles);
  const says = chainsFault(loaded.config);
  if (says !== undefined) throw new ConfigError([{ where: "KINORA_CHAINS", says }]);
  return loaded;
};

/** Why the chains of a configuration cannot be used, without the address of an endpoint; undefined where they can. */
export function chainsFault({ auth }: Loaded["config"]): string | undefined {
  try {
    if (auth.chains !== undefined) readChains(auth.chains);
    return undefined;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}
