import { readFile } from "node:fs/promises";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { loadParts, type Released } from "../../test/migrations/parts.ts";
import type { Generate } from "../generate.ts";

const path = "test/migrations/released.json";
const { version } = packageJson;

/** Records the steps of the databases as released when the version of package.json is a new one. */
export const generate: Generate = async () => {
  const text = await readFile(join(import.meta.dirname, "../..", path), "utf8").catch(() => undefined);
  // Written by the line below.
  if (text !== undefined && (JSON.parse(text) as Released).version === version) return { [path]: text };
  const counts = Map.groupBy(await loadParts(), ({ service }) => service);
  const steps = Object.fromEntries(
    [...counts].map(([service, parts]) => [
      service,
      Object.fromEntries(parts.map(({ part, steps: { length } }) => [part, length])),
    ]),
  );
  return { [path]: `${JSON.stringify({ version, steps } satisfies Released, null, 2)}\n` };
};
