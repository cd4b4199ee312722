import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import type { Say } from "./say.ts";
import { PostgresError, systemCode } from "./error.ts";
import { isRunning, type Running, running } from "./process-table.ts";

/** The right to use a data folder, until released or until this process ends. */
export interface FolderLock {
  /** Records a folder to be removed with the hold, by whichever process removes it. */
  alsoRemove(folder: string): Promise<void>;
  release(): Promise<void>;
}
interface Holder extends Running {
  readonly removes: readonly string[];
}

/**
 * Writes who uses the folder into `file`, unless a living process already does.
 *
 * @throws {PostgresError} `in_use`, with the holder's pid.
 */
export async function lockFolder(file: string, say: Say): Promise<FolderLock> {
  const self = running(process.pid);
  if (self === undefined) throw new PostgresError("failed", "cannot read this process's own state");
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, JSON.stringify({ ...self, removes: [] }), { mode: 0o600 });
  try {
    // A hard link appears whole or not at all, so a reader never sees a file that is half written.
    while (!(await tryLink(draft, file))) await clearStale(file, say);
  } finally {
    await rm(draft, { force: true });
  }
  const removes: string[] = [];
  return {
    async alsoRemove(folder) {
      removes.push(folder);
      await writeFile(draft, JSON.stringify({ ...self, removes }), { mode: 0o600 });
      await rename(draft, file);
    },
    async release() {
      for (const folder of removes) await rm(folder, { recursive: true, force: true });
      await rm(file, { force: true });
    },
  };
}

async function tryLink(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Removes the file of a process that has ended, or throws when it runs. */
async function clearStale(file: string, say: Say): Promise<void> {
  const holder = await read(file);
  if (holder !== undefined && isRunning(holder)) {
    const words = `the data folder is in use by process ${holder.pid}: stop it, or choose another with --data`;
    throw new PostgresError("in_use", words, { holderPid: holder.pid });
  }
  // Two starters may both have found it stale: the rename lets only one of them take it away, and if that one took
  // away the other's fresh note instead, it puts it back.
  const aside = `${file}.stale.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw error;
  }
  const previous = await read(aside);
  if (previous !== undefined && isRunning(previous)) await tryLink(aside, file);
  else {
    for (const folder of previous?.removes ?? []) await rm(folder, { recursive: true, force: true });
    say("the last process on this data folder did not end cleanly", { pid: previous?.pid ?? 0 });
  }
  await rm(aside, { force: true });
}

async function read(file: string): Promise<Holder | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof content !== "object" || content === null || !("pid" in content && "since" in content)) return undefined;
    const removes = "removes" in content && Array.isArray(content.removes) ? content.removes.map(String) : [];
    return { pid: Number(content.pid), since: String(content.since), removes };
  } catch {
    return undefined; // Absent, or written by a process that has ended.
  }
}
