import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { startPostgres } from "#kernel/postgres/postgres";
import { until } from "../until.ts";
import { templateCopy } from "./template.ts";

/** A database with the tables of every service, for the processes of a fleet. */
export interface SharedDatabase extends AsyncDisposable {
  /** For `KINORA_DB_URL`. */
  readonly url: string;
  /** Kills the server as a crash of its machine would end it; settles when it is there again. */
  kill(): Promise<void>;
}

export async function startSharedDatabase(): Promise<SharedDatabase> {
  const data = await templateCopy();
  const server = await startPostgres(data);
  return {
    url: `postgres://${server.user}@localhost/kinora?host=${encodeURIComponent(server.socket)}`,
    async kill() {
      const { pid } = server;
      process.kill(pid, "SIGKILL");
      await until(async () => {
        const next = await databasePid(data);
        return next !== undefined && next !== pid;
      });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The process of the embedded database server, where it takes connections. */
export async function databasePid(data: string): Promise<number | undefined> {
  const lines = (await readFile(join(data, "postgres/postmaster.pid"), "utf8").catch(() => "")).split("\n");
  return lines[7]?.trim() === "ready" ? Number(lines[0]) : undefined;
}
