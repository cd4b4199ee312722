import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/load.ts";
import { binariesFor } from "../postgres/binaries.ts";
import { dataMajor, dataOwner } from "../postgres/cluster.ts";
import { disguise } from "../postgres/disguise.ts";
import { PostgresError } from "../postgres/error.ts";
import { type Finding, missing, ok } from "./finding.ts";

/** Finds the PostgreSQL that would be used, and how it would be run. */
export async function databaseCheck({ data, db }: Config): Promise<Finding> {
  if (db.url !== undefined) return ok("database", `PostgreSQL at ${new URL(db.url).host}, not embedded`);
  const folder = join(data, "postgres");
  try {
    const binaries = await binariesFor(await dataMajor(folder), () => {});
    const { how } = await disguise(await dataOwner(folder));
    const source = binaries.source === "npm" ? "from its package" : `from this system (${binaries.postgres})`;
    const holder = await holderOf(join(data, "postgres.lock"));
    return ok("database", `PostgreSQL ${binaries.major} ${source}, run ${how}${holder}`);
  } catch (error) {
    if (error instanceof PostgresError) return missing("database", error.message, "see the message");
    const words = error instanceof Error ? error.message : String(error);
    return missing("database", words, "make the data folder readable for this user");
  }
}

async function holderOf(file: string): Promise<string> {
  const [, pid] = /"pid":(\d+)/.exec(await readFile(file, "utf8").catch(() => "")) ?? [];
  return pid === undefined ? "" : `; process ${pid} uses it, or did`;
}
