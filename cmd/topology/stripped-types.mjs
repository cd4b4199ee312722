/*
 * Node runs this file first in each process of a topology (`--import`): sources are read without their types. Node's
 * compile cache would do that as well, but it keeps all it has read: 8 MB in a small process, which starts no faster by it.
 */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { sourceOf } from "./stripped-source.mjs";

registerHooks({
  load(url, context, next) {
    if (context.format !== "module-typescript") return next(url, context);
    return { format: "module", source: sourceOf(fileURLToPath(url)), shortCircuit: true };
  },
});
