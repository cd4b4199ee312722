import { join } from "node:path";

/** The place of the compile cache that `cmd/start.ts` has, unless the environment names another. */
export const compileCache = join(import.meta.dirname, "../../node_modules/.cache/kinora");
