import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The process of the embedded database server, where it takes connections. */
export async function databasePid(data: string): Promise<number | undefined> {
  const lines = (await readFile(join(data, "postgres/postmaster.pid"), "utf8").catch(() => "")).split("\n");
  return lines[7]?.trim() === "ready" ? Number(lines[0]) : undefined;
}
