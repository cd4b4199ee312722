import { createHash } from "node:crypto";
import { glob, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Aliases, importedBy } from "../imports.ts";

const cacheFile = ".kinora/lint.json";
/** The settings that affect every file. */
const settings = [".oxlintrc.json", "tsconfig.json", "sdk/tsconfig.json", "web/tsconfig.json", "package-lock.json"];
const ignored = /^test\/media\/|\/dist\/|\/node_modules\//;
const source = /\.(?:ts|tsx|mts|mjs|js)$/;
const declaration = /\.d\.m?ts$/;

type Hashes = Readonly<Record<string, string>>;

/** The files that the rules that need types have to look at again. */
export class LintCache {
  /** All files that are linted. */
  readonly files: readonly string[];
  /** Those that changed since the last pass, and those that import them, directly or not. */
  readonly affected: readonly string[];
  readonly #root: string;
  readonly #hashes: Hashes;

  private constructor(root: string, hashes: Hashes, affected: readonly string[]) {
    this.#root = root;
    this.#hashes = hashes;
    this.files = Object.keys(hashes).filter((file) => source.test(file));
    this.affected = affected;
  }

  static async read(root: string, folders: readonly string[]): Promise<LintCache> {
    const texts = new Map<string, string>();
    const patterns = [
      ...folders.map((folder) => `${folder}/**/*.{ts,tsx,mts,mjs,js,json}`),
      "api/*.json",
      "package.json",
      ...settings,
    ];
    for await (const file of glob(patterns, { cwd: root }))
      if (!ignored.test(file)) texts.set(file, await readFile(join(root, file), "utf8"));
    const hashes = Object.fromEntries([...texts].map(([file, text]) => [file, hashOf(text)]));
    const before = await readFile(join(root, cacheFile), "utf8").then(
      (text) => JSON.parse(text) as Hashes, // Written below.
      (): Hashes => ({}),
    );
    const names = new Set([...Object.keys(before), ...Object.keys(hashes)]);
    const changed = [...names].filter((file) => before[file] !== hashes[file]);
    const isForAll = changed.some((file) => settings.includes(file) || declaration.test(file));
    const all = [...texts.keys()].filter((file) => source.test(file));
    const { imports } = JSON.parse(texts.get("package.json") ?? "{}") as { imports: Hashes }; // Our own file.
    const affected = isForAll
      ? all
      : importersOf(changed, importersIn(texts, imports)).filter((file) => all.includes(file));
    return new LintCache(root, hashes, affected);
  }

  /** Notes that every file but these passed as it was when it was read. */
  async pass(failed: readonly string[] = []): Promise<void> {
    const file = join(this.#root, cacheFile);
    const passed = Object.entries(this.#hashes).filter(([name]) => !failed.includes(name));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.${process.pid}`, JSON.stringify(Object.fromEntries(passed)));
    await rename(`${file}.${process.pid}`, file);
  }
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** The importers of each file. */
function importersIn(texts: ReadonlyMap<string, string>, aliases: Aliases): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const [file, text] of texts) {
    if (!source.test(file)) continue;
    for (const target of importedBy(file, text, aliases))
      importers.set(target, [...(importers.get(target) ?? []), file]);
  }
  return importers;
}

function importersOf(changed: readonly string[], importers: ReadonlyMap<string, readonly string[]>): string[] {
  const affected = new Set(changed);
  // A set yields what is added while it is walked.
  for (const file of affected) for (const importer of importers.get(file) ?? []) affected.add(importer);
  return [...affected];
}
