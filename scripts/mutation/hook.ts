import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { applyMutant } from "./mutants.ts";

/*
 * Preloaded by `--import`: the source file of `KINORA_MUTANT` is read with one change, in this process and in all that
 * it starts. Nothing is written to the disk.
 */
const text = process.env["KINORA_MUTANT"];
if (text !== undefined) {
  const { url, ...change } = JSON.parse(text) as { url: string; start: number; end: number; replacement: string }; // Our own variable.
  registerHooks({
    load(address, context, nextLoad) {
      const loaded = nextLoad(address, context);
      return address === url ? { ...loaded, source: applyMutant(readFileSync(new URL(url), "utf8"), change) } : loaded;
    },
  });
}
