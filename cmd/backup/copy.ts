import { constants } from "node:fs";
import { cp, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { lockFolder } from "../../src/kernel/postgres/folder-lock.ts";
import { PostgresError } from "../../src/kernel/postgres/postgres.ts";

/** Belongs to a running process, not to the data. */
const ofProcess = /^postgres\.(?:lock|socket)/;

/**
 * Copies the data folder of a stopped server into a new folder within `into`, durably, and yields its path. A copy that
 * was interrupted ends with `.partial`.
 *
 * @throws {PostgresError} where a server uses the folder, or the copy would be in it
 */
export async function copyData(data: string, into: string, name: string): Promise<string> {
  const source = await realpath(data).catch(() => {
    throw new PostgresError("failed", `there is no data folder at ${data}`);
  });
  await mkdir(into, { recursive: true, mode: 0o700 });
  const place = await realpath(into);
  if (place === source || place.startsWith(source + sep))
    throw new PostgresError("failed", `${place} is inside of the data folder: choose a folder on another disk`);
  const target = join(place, name);
  if (await stat(target).catch(() => undefined)) throw new PostgresError("failed", `${target} is there already`);
  const partial = `${target}.partial`;
  const lock = await lockFolder(join(source, "postgres.lock"), () => undefined);
  try {
    await rm(partial, { recursive: true, force: true });
    await cp(source, partial, {
      recursive: true,
      preserveTimestamps: true,
      // On file systems that support it, a copy shares its blocks until one of the two changes.
      mode: constants.COPYFILE_FICLONE,
      filter: (from) => !isOfProcess(source, from),
    });
    await syncTree(partial);
    await rename(partial, target);
    await syncOne(place);
  } finally {
    await lock.release();
  }
  return target;
}

function isOfProcess(source: string, path: string): boolean {
  return relative(source, path) === basename(path) && ofProcess.test(basename(path));
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncOne(path);
  }
  await syncOne(folder);
}

async function syncOne(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
