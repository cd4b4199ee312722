import { type Loaded, loadConfig as load } from "../../src/kernel/config/load.ts";
import { roles } from "../services.ts";

/**
 * Reads the configuration of a process whose arguments these are.
 * @throws ConfigError with all that is wrong, or that is asked for and not built.
 */
export const loadConfig = (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Loaded => load(argv, env, cwd, roles);
