import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
/** The cache of bootstrap; it can be removed at any time. */
export const cache = join(root, ".kinora");

export const exists = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );
