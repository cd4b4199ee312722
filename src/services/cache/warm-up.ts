import { setTimeout } from "node:timers/promises";
import { cacheWarmed } from "#events/cache";
import { type Handlers, type Host, type Job, type JobKind, job } from "#kernel";
import type { CacheReport } from "#kernel/cache/policy";
import { type cache, CacheNotFound, CannotWarm } from "./contract.ts";
import { type ProcessReports, reportsByName } from "./process-reports.ts";
import * as store from "./store.ts";

const eventKey = 1;
const lookMs = 250;
/** A process that has not answered by then is not waited for. */
const waitMs = 60_000;

interface Payload {
  readonly name: string;
  readonly keys: readonly string[];
}
const hasWarmable = (reports: readonly CacheReport[], name: string): boolean =>
  reports.some((report) => report.name === name && report.canWarm);

interface WarmUp {
  readonly handlers: Pick<Handlers<typeof cache>, "warm" | "reportWarmUp">;
  readonly jobs: readonly JobKind[];
}

/** Lets each process look up entries of a cache ahead of time: this one here, the others with their next look. */
export function createWarmUp(
  { db, emit, jobs, caches, instance }: Pick<Host<store.Tables>, "db" | "emit" | "jobs" | "caches" | "instance">,
  reports: ProcessReports,
): WarmUp {
  /** The other processes that can warm a cache, as they report now. */
  const otherWarmers = async (name: string): Promise<string[]> =>
    (await reports.all())
      .filter(({ process, reports: ofProcess }) => process !== instance && hasWarmable(ofProcess, name))
      .map(({ process }) => process);

  /** How many entries all processes looked up. One that has stopped since is not waited for. */
  async function countAnswers({ id, name }: store.Warming, signal: AbortSignal): Promise<number> {
    const untilMs = performance.now() + waitMs;
    for (;;) {
      const { counts = {} } = (await store.warmingCounts(db, id)) ?? {};
      const isAnswered = (await otherWarmers(name)).every((process) => Object.hasOwn(counts, process));
      if (isAnswered || performance.now() > untilMs)
        return Object.values(counts).reduce((sum, count) => sum + count, 0);
      await setTimeout(lookMs, undefined, { signal });
    }
  }

  async function run(task: Job<Payload>): Promise<void> {
    const { id, payload, signal } = task;
    const { name, keys } = payload;
    const warming = { id, name, keys };
    const ownCount = (await caches.find(name)?.warm(keys)) ?? 0;
    await db.tx((tx) => store.addWarming(tx, warming, { [instance]: ownCount }));
    const count = await countAnswers(warming, signal);
    await task.finish<store.Tables>(async (tx) => {
      await store.endWarming(tx, id);
      await emit(tx, cacheWarmed, eventKey, { name, count });
    });
  }

  return {
    handlers: {
      async warm({ name, keys }) {
        const ofCache = reportsByName(await reports.all()).get(name);
        if (!ofCache) throw CacheNotFound({});
        if (!ofCache.some(({ canWarm }) => canWarm)) throw CannotWarm({});
        const payload: Payload = { name, keys };
        return { jobId: await db.tx((tx) => jobs.add(tx, "cache.warm", { payload })) };
      },
      async reportWarmUp({ id, process, count }) {
        await db.tx((tx) => store.recordWarmed(tx, id, process, count));
        return {};
      },
    },
    jobs: [job<Payload>({ kind: "cache.warm", concurrency: 2, attemptsMax: 3, leaseMs: 30_000, run })],
  };
}
