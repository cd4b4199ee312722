import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { provided } from "../bootstrap/ffmpeg.mjs";

const root = join(import.meta.dirname, "../..");
const Entry = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
});

/** One package of the lockfile. */
export interface Package extends z.infer<typeof Entry> {
  /** Its folder, from the root. */
  readonly path: string;
  readonly name: string;
}
export interface Lock {
  readonly packages: readonly Package[];
  /** Packages whose install scripts were read and are run. */
  readonly reviewed: readonly string[];
  /** Programs that are fetched beside the packages, compared with these hashes. */
  readonly fetched: readonly Pick<Package, "name" | "version" | "integrity">[];
}

/** Licences that ask for nothing beyond naming them, or that bind only changes to the package itself. */
const software = [
  "Apache-2.0",
  "MIT",
  "MIT-0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MPL-2.0",
  "0BSD",
  "BlueOak-1.0.0",
];
const dataLicences = ["CC0-1.0", "CC-BY-4.0", "PostgreSQL", "Python-2.0", "OFL-1.1", "Unlicense"];
const allowed = new Set([...software, ...dataLicences]);
/** libvips and what it brings: a library of its own file, loaded at run time, that a user can replace. */
const lesser = /^@img\/sharp-/;

/** Packages whose metadata lacks the field or only points to a file; it was read there, for exactly this version. */
const readElsewhere: Readonly<Record<string, string>> = {
  "busboy 0.3.1": "MIT",
  "combine-errors 3.0.3": "MIT",
  "dicer 0.3.0": "MIT",
  "humanize-number 0.0.2": "MIT",
  "only 0.0.2": "MIT",
  "shaka-packager 3.4.2": "BSD-3-Clause",
  "streamsearch 0.1.2": "MIT",
};

export async function readLock(): Promise<Lock> {
  const text = await readFile(join(root, "package-lock.json"), "utf8");
  const { packages } = z.object({ packages: z.record(z.string(), Entry) }).parse(JSON.parse(text));
  const packageJson = z
    .object({ allowScripts: z.record(z.string(), z.boolean()) })
    .parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  const foreign = Object.entries(packages).filter(([path, { link }]) => path.includes("node_modules/") && !link);
  return {
    packages: foreign.map(([path, entry]) => {
      const name = path.split("node_modules/").at(-1) ?? path;
      const license = readElsewhere[`${name} ${entry.version}`] ?? entry.license;
      return { ...entry, path, name, ...(license !== undefined && { license }) };
    }),
    reviewed: Object.keys(packageJson.allowScripts).filter((name) => packageJson.allowScripts[name]),
    fetched: Object.values(provided),
  };
}

/** The violated rules, a line each. */
export function complaints({ packages, reviewed, fetched }: Lock): string[] {
  if (packages.length === 0) return ["the lockfile names no package"];
  const unhashed = fetched
    .filter(({ version, integrity }) => !isSha512(integrity) || !/^\d+\.\d+\.\d+$/.test(version ?? ""))
    .map(({ name }) => `${name} is fetched without an exact version and its SHA-512`);
  const wrong = packages.flatMap((locked) => {
    const said: string[] = [];
    if (!isSha512(locked.integrity)) said.push("has no SHA-512 in the lockfile");
    if (locked.resolved !== undefined) said.push("names the registry's address in the lockfile");
    if (locked.hasInstallScript && !reviewed.includes(locked.name)) said.push("runs an install script nobody reviewed");
    if (!isAllowed(locked)) said.push(`has the licence ${locked.license ?? "(none)"}`);
    return said.map((line) => `${locked.name} ${locked.version ?? ""} ${line}`);
  });
  return [...unhashed, ...wrong];
}

const isSha512 = (integrity: string | undefined): boolean => /^sha512-[\w+/]{86}==$/.test(integrity ?? "");

/**
 * All of the licences joined by AND, any of the licences joined by OR (SPDX expressions as they occur; no nesting
 * does).
 */
function isAllowed({ name, license }: Package): boolean {
  const fits = (id: string): boolean => allowed.has(id) || (id === "LGPL-3.0-or-later" && lesser.test(name));
  const expression = (license ?? "").replace(/^\(|\)$/g, "");
  return expression.split(" OR ").some((choice) => choice.split(" AND ").every(fits));
}
