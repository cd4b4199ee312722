import { setTimeout as sleep } from "node:timers/promises";
import type { Say } from "./say.ts";
import { PostgresError, type PostgresReason } from "./error.ts";
import { type Exit, type Server, whyEnded } from "./postmaster.ts";

/** The interval of starts after a full disk. */
const lookAgainMs = 1_000;
/** The waits before the restarts within one minute: killed once it is back in a moment, and a crash loop ends. */
const usualBackoffMs: readonly number[] = [250, 1_000, 4_000];
const backoffWindowMs = 60_000;
/** The reasons against a start that pass by themselves. */
const passing: ReadonlySet<PostgresReason> = new Set(["disk_full", "in_use", "failed"]);

/**
 * A server that is restarted when it ends on its own. It has acknowledged nothing that is not on the disk, so a restart
 * is enough. After a full disk it is restarted when there is space: PostgreSQL stops when it cannot write its log, and
 * cannot repair itself before. After any other end it is restarted with backoff, three times within a minute. After
 * that, or if its files cannot be used, its end is final.
 */
export async function supervise(
  begin: () => Promise<Server>,
  { data, say, backoffMs = usualBackoffMs }: { data: string; say: Say; backoffMs?: readonly number[] },
): Promise<Omit<Server, "log">> {
  let server = await begin();
  let restartsMs: number[] = [];
  const stopped = new AbortController();

  /** The wait before a restart; undefined where there is to be none. */
  function delayAfter(end: unknown): number | undefined {
    if (!(end instanceof PostgresError && passing.has(end.reason))) return undefined;
    if (end.reason === "disk_full") return lookAgainMs;
    const now = performance.now();
    restartsMs = restartsMs.filter((at) => now - at < backoffWindowMs);
    const delayMs = backoffMs[restartsMs.length];
    if (delayMs !== undefined) restartsMs.push(now);
    return delayMs;
  }

  async function restart(end: PostgresError): Promise<Server | undefined> {
    for (let cause: unknown = end; ; ) {
      const delayMs = delayAfter(cause);
      if (delayMs === undefined) {
        say("the database is not restarted any more", { err: cause });
        return undefined;
      }
      await sleep(delayMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return undefined;
      try {
        return await begin();
      } catch (error) {
        cause = error;
      }
    }
  }

  async function untilEnded(): Promise<Exit> {
    for (;;) {
      const exit = await server.exited;
      if (stopped.signal.aborted) return exit;
      const end = await whyEnded(server.log, data);
      if (end.reason === "disk_full")
        say("the disk is full and the database ended: it is restarted when there is space");
      else say("the database ended by itself: it is restarted", { ...exit, err: end });
      // Its last lines may be older than its end: only a start shows whether its files can be used.
      const next = await restart(end.reason === "disk_full" ? end : new PostgresError("failed", end.message));
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
