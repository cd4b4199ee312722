import { setTimeout as sleep } from "node:timers/promises";
import { PostgresError } from "./error.ts";
import { type Exit, type Say, type Server, whyEnded } from "./postmaster.ts";

const lookAgainMs = 1_000;

/**
 * A server that comes back when a full disk ends it: PostgreSQL stops where it cannot write its log, and cannot repair
 * itself before there is space. It has acknowledged nothing that is not on the disk, so it only has to be started again.
 * Any other end is final.
 */
export async function supervised(begin: () => Promise<Server>, data: string, say: Say): Promise<Omit<Server, "log">> {
  let server = await begin();
  const stopped = new AbortController();

  async function again(): Promise<Server | undefined> {
    while (!stopped.signal.aborted) {
      await sleep(lookAgainMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      try {
        return await begin();
      } catch (error) {
        if (isFull(error)) continue;
        say("the database cannot be started again", { err: error });
        return undefined;
      }
    }
    return undefined;
  }

  async function untilEnded(): Promise<Exit> {
    for (;;) {
      const exit = await server.exited;
      if (stopped.signal.aborted || !isFull(await whyEnded(server.log, data))) return exit;
      say("the disk is full and the database ended: it is started again when there is space");
      const next = await again();
      if (next === undefined) return exit;
      server = next;
      if (stopped.signal.aborted) await server.stop();
      else say("the database is there again");
    }
  }

  const exited = untilEnded();
  return {
    get pid() {
      return server.pid;
    },
    exited,
    async stop() {
      stopped.abort();
      await server.stop();
      await exited;
    },
  };
}

const isFull = (error: unknown): boolean => error instanceof PostgresError && error.reason === "disk_full";
