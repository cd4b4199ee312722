import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChildRecords } from "../attempt/leftovers.ts";
import type { Child } from "../store.ts";

/** The records of a runner's children: a small file each, in a folder of its own. */
export function createChildFiles(folder: string): ChildRecords {
  const fileOf = ({ pid, start_time }: Child): string => join(folder, `${pid}-${start_time}.json`);
  return {
    async insert(child) {
      await mkdir(folder, { recursive: true });
      await writeFile(fileOf(child), JSON.stringify(child));
    },
    remove: (child) => rm(fileOf(child), { force: true }),
    async ofHost(host) {
      const names = await readdir(folder).catch(() => []);
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
      return texts.flatMap(childIn).filter((child) => child.host === host);
    },
  };
}

/** A file that a killed process wrote in part names no child. */
function childIn(text: string): Child[] {
  try {
    // `insert` wrote it.
    return [JSON.parse(text) as Child];
  } catch {
    return [];
  }
}
