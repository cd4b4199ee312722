import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Log } from "../../log/port.ts";

/** The reason in the log, in `/ready` and of a start that fails. */
export const fullReason =
  "PostgreSQL has no connection left: raise its max_connections, or lower KINORA_DB_CONNECTIONS of the processes";

/** True for SQLSTATE 53300, `too_many_connections`, of the server, the database or the role. */
export const isFull = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === "53300";

const firstDelayMs = 100;
const lastDelayMs = 1_000;

/** Repeats work that opens connections, until the server has some: processes that start together may take all for a while. */
export async function retryWhileFull<R>(work: () => Promise<R>, log: Log): Promise<R> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isFull(error)) throw error;
      if (attempt === 0) log.warn(`waiting: ${fullReason}`, { err: error });
    }
    await sleep(Math.min(lastDelayMs, firstDelayMs * 2 ** attempt) * (0.5 + Math.random() / 2));
  }
}
