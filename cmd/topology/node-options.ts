import { join } from "node:path";

/** Options of Node for the processes of a topology: their sources come without types, and no compile cache stays in memory. */
export const nodeOptions: readonly string[] = [
  `--import=${join(import.meta.dirname, "stripped-types.mjs")}`,
  // Node calls its function for that experimental; the same code is behind every start of a `.ts` file.
  "--disable-warning=ExperimentalWarning",
  // A process that is ready collects the garbage of its start.
  "--expose-gc",
];
export const nodeSettings: Readonly<Record<string, string>> = { NODE_DISABLE_COMPILE_CACHE: "1" };
