import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The export of each file in scripts/generate/: the texts it makes, by path from the repository's root. */
export type Generate = () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;

/* Writes every generated file, or with `--check` names the files that differ from the code. */
const root = join(import.meta.dirname, "..");
const onlyChecks = process.argv.includes("--check");
const stale: string[] = [];
let count = 0;

for (const name of (await Array.fromAsync(glob("generate/*.ts", { cwd: import.meta.dirname }))).toSorted()) {
  const { generate } = (await import(join(import.meta.dirname, name))) as { generate: Generate }; // By the rule above.
  for (const [path, text] of Object.entries(await generate())) {
    count += 1;
    const file = join(root, path);
    if ((await readFile(file, "utf8").catch(() => undefined)) === text) continue;
    stale.push(path);
    if (onlyChecks) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

if (count === 0) throw new Error("scripts/generate/ makes nothing");
if (onlyChecks && stale.length > 0) {
  console.error(`out of date, run \`npm run generate\`: ${stale.join(", ")}`);
  process.exitCode = 1;
} else console.log(stale.length === 0 ? `${count} files are current` : `wrote ${stale.join(", ")}`);
