import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Say } from "./say.ts";
import type { Binaries } from "./binaries.ts";
import { type Disguise, environment } from "./disguise.ts";
import { fromServer, PostgresError, systemCode } from "./error.ts";

const run = promisify(execFile);

/**
 * The major version that wrote the cluster at `data`, undefined when there is none yet.
 *
 * @throws {PostgresError} `damaged` when the folder holds something else: data are never begun anew over what is there.
 */
export async function dataMajor(data: string): Promise<number | undefined> {
  const names = await readdir(data).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (names === undefined) return undefined;
  const text = names.includes("PG_VERSION") ? await readFile(`${data}/PG_VERSION`, "utf8") : "";
  const major = /^\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  const lost = ["PG_VERSION", "global", "base", "pg_wal"].filter((name) => !names.includes(name));
  if (lost.length > 0 || Number.isNaN(major)) {
    const words = lost.length > 0 ? `${lost.join(", ")} missing` : "PG_VERSION is not a version";
    throw new PostgresError("damaged", `${data} is not a whole database (${words}): restore a backup, or move it away`);
  }
  return major;
}

/** The user the cluster's files belong to. */
export async function dataOwner(data: string): Promise<number | undefined> {
  return (await stat(data).catch(() => undefined))?.uid;
}

/** Makes a cluster under another name and gives it its own when it is whole and on the disk. */
export async function initialise(
  data: string,
  { initdb, major }: Binaries,
  as: Disguise,
  { durable, say }: { durable: boolean; say: Say },
): Promise<void> {
  await sweep(dirname(data), `${basename(data)}.new-`, say);
  // A name of its own: the programs of an interrupted attempt may be writing to the last one for a moment yet.
  const draft = `${data}.new-${randomBytes(4).toString("hex")}`;
  await mkdir(draft, { mode: 0o700 });
  await as.give(draft);
  const wishes = ["-U", "kinora", "--encoding=UTF8", "--data-checksums", "--no-instructions", ...localeOf(major)];
  const access = ["--auth-local=trust", "--auth-host=reject"];
  const [program, args] = as.command(
    initdb,
    ["-D", draft, ...wishes, ...access, ...(durable ? [] : ["--no-sync"])],
    true,
  );
  try {
    await run(program, args, { env: environment, cwd: "/" });
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw fromServer(said.trim().split("\n"), data);
  }
  await rename(draft, data);
  if (durable) await syncFolder(dirname(data));
}

/** Removes what interrupted attempts left; what cannot be removed yet, because it is still growing, the next one will. */
async function sweep(folder: string, prefix: string, say: Say): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    say("removed a database whose making was interrupted", { folder: join(folder, name) });
  }
}

/** Text sorts by its bytes and knows every script, alike on every system; the built-in provider came with 17. */
const localeOf = (major: number): string[] =>
  major >= 17
    ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    : ["--lc-collate=C", `--lc-ctype=${process.platform === "linux" ? "C.UTF-8" : "UTF-8"}`];

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder);
  await handle.sync();
}
