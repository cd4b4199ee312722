import { readChains } from "../../src/chain/chains.ts";
import { ConfigError, type Loaded, loadConfig as load } from "../../src/kernel/config/load.ts";
import { readProviders } from "../../src/services/auth/providers/provider-list.ts";
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
  const faults = [
    { where: "KINORA_CHAINS", says: chainsFault(loaded.config) },
    { where: "KINORA_OIDC", says: providersFault(loaded.config) },
  ].flatMap(({ where, says }) => (says === undefined ? [] : [{ where, says }]));
  if (faults.length > 0) throw new ConfigError(faults);
  return loaded;
};

/** Why the chains of a configuration cannot be used, without the address of an endpoint; undefined where they can. */
export const chainsFault = ({ auth }: Loaded["config"]): string | undefined => faultOf(readChains, auth.chains);

/** Why the providers of a configuration cannot be used, without their secrets; undefined where they can. */
export const providersFault = ({ auth }: Loaded["config"]): string | undefined =>
  faultOf(readProviders, auth.providers);

function faultOf(read: (text: string) => unknown, text: string | undefined): string | undefined {
  try {
    if (text !== undefined) read(text);
    return undefined;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}
