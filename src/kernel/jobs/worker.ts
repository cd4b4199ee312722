import assert from "node:assert/strict";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { asKinoraError, failure } from "../errors.ts";
import type { Failpoints } from "../environment/failpoint.ts";
import type { Log } from "../log/port.ts";
import { Loop } from "../process/loop.ts";
import { withTrace } from "../trace.ts";
import type { Job, JobKind } from "./port.ts";
import * as store from "./store.ts";

export const StaleLease = failure("conflict", "kernel.stale_lease", "another worker holds this job by now");

/** Leases that ended are looked for this often at most, not at every commit. */
const lostEveryMs = 1_000;
/** 1 s, 4 s, 16 s … 5 min, each between half and the whole of it, so that what failed together does not retry together. */
const delayMs = (attempt: number, random: number): number =>
  Math.round(Math.min(1_000 * 4 ** (attempt - 1), 300_000) * (0.5 + random / 2));

interface WorkerParts {
  readonly db: Db<KernelTables>;
  /** One kind, or all that share a pool. */
  readonly kinds: readonly JobKind[];
  /** Names this process; stable over restarts, so that it takes back what it held. */
  readonly owner: string;
  readonly log: Log;
  readonly failpoints: Failpoints;
}

/** The kinds of a service in groups: kinds of one pool together, others each alone. Pure. */
export function groupByPool(kinds: readonly JobKind[]): JobKind[][] {
  const groups = Map.groupBy(kinds, ({ pool, kind }) => (pool ? `pool ${pool.name}` : `kind ${kind}`));
  for (const [group, of] of groups)
    for (const { kind, pool, leaves = 0 } of of) {
      assert.ok(pool === undefined || pool.slots === of[0]?.pool?.slots, `${group} has two sizes`);
      assert.ok(pool === undefined || leaves < pool.slots, `${kind} leaves nothing to itself`);
    }
  return [...groups.values()];
}

/** The kinds of a pool that may start another job beside those `running`. Pure. */
export function openKinds(kinds: readonly JobKind[], running: readonly string[]): JobKind[] {
  const slots = kinds[0]?.pool?.slots ?? Number.POSITIVE_INFINITY;
  const leavesOf = new Map(kinds.map(({ kind, leaves = 0 }) => [kind, leaves]));
  return kinds.filter(({ kind, concurrency, leaves = 0 }) => {
    const alike = running.filter((runningKind) => (leavesOf.get(runningKind) ?? 0) >= leaves).length;
    const ownCount = running.filter((runningKind) => runningKind === kind).length;
    return ownCount < concurrency && alike < slots - leaves && running.length < slots;
  });
}

/**
 * Works off one kind of job, or those of a pool: claims, keeps the lease alive, commits results under the fence,
 * retries, gives up.
 */
export class Worker {
  readonly #parts: WorkerParts;
  readonly #loop: Loop;
  readonly #running = new Map<Promise<void>, string>();
  readonly #stopping = new AbortController();
  #lookedForLost = Number.NEGATIVE_INFINITY;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#loop = new Loop(
      () => this.#round(),
      (error) => parts.log.warn("job queue failed", { err: error }),
    );
  }

  wake(): void {
    this.#loop.wake();
  }

  worksOff(kind: string): boolean {
    return this.#parts.kinds.some((declared) => declared.kind === kind);
  }

  isAtWork(): boolean {
    return this.#running.size > 0;
  }

  /** Settles when nothing due is left and nothing runs. */
  async idle(): Promise<void> {
    do {
      await this.#loop.idle();
      await Promise.all(this.#running.keys());
    } while (this.#running.size > 0);
  }

  /** Stops claiming, aborts what runs and waits for it; the tries go back into the queue. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the process is stopping"));
    await this.#loop.stop();
    await Promise.all(this.#running.keys());
  }

  async #round(): Promise<number | undefined> {
    const { db, kinds, owner } = this.#parts;
    const pool = kinds.map(({ kind }) => kind);
    if (performance.now() - this.#lookedForLost >= lostEveryMs) {
      this.#lookedForLost = performance.now();
      for (const lost of await store.requeueExpired(db, pool))
        await this.#giveUp(lost, new Error("the worker went silent"));
    }
    for (;;) {
      const open = openKinds(kinds, [...this.#running.values()]);
      if (open.length === 0 || this.#stopping.signal.aborted) return undefined;
      const claimed = await store.claim(db, open, pool, owner);
      if (!("job" in claimed)) {
        const { waitMs } = claimed;
        // A due job that cannot be claimed belongs to a worker whose lease ended.
        const untilLook = Math.max(1, this.#lookedForLost + lostEveryMs - performance.now());
        return waitMs === undefined || waitMs > 0 ? waitMs : untilLook;
      }
      const work = this.#work(claimed.job).finally(() => {
        this.#running.delete(work);
        this.#loop.wake();
      });
      this.#running.set(work, claimed.job.kind);
    }
  }

  #kindOf(name: string): JobKind {
    const kind = this.#parts.kinds.find((declared) => declared.kind === name);
    assert.ok(kind, `no job of kind ${name} is worked off here`);
    return kind;
  }

  async #work(row: store.Claimed): Promise<void> {
    const { db, log, failpoints } = this.#parts;
    const kind = this.#kindOf(row.kind);
    const lost = new AbortController();
    let progress = 0;
    let finished = false;
    const beat = setInterval(
      () => {
        store.heartbeat(db, row.id, row.fence, kind.leaseMs, progress).then(
          (isRenewed) => isRenewed || finished || lost.abort(StaleLease({})),
          (error) => log.warn("job heartbeat failed", { jobId: row.id, err: error }),
        );
      },
      Math.min(kind.leaseMs / 3, 2_000),
    );
    const job: Job = {
      id: row.id,
      payload: JSON.parse(row.payload),
      attempt: row.attempt,
      fence: row.fence,
      traceId: row.trace_id,
      createdAtMs: row.created_at_ms,
      signal: AbortSignal.any([lost.signal, this.#stopping.signal]),
      progress: (percent) => {
        assert.ok(percent >= 0 && percent <= 100);
        progress = Math.max(progress, Math.floor(percent));
      },
      async step(results) {
        await failpoints.hit("job.before_step");
        await db.tx(async (tx) => {
          if (!(await store.holds(tx, row.id, row.fence))) throw StaleLease({});
          // The results go to the service's own tables, in the same database.
          await results(tx as never);
        });
        await failpoints.hit("job.after_step");
      },
      async putOff(delayMs, reason) {
        await store.putOff(db, row.id, row.fence, reason.slice(0, 1_000), delayMs);
        finished = true;
      },
      async finish(results) {
        await failpoints.hit("job.before_finish");
        await db.tx(async (tx) => {
          if (!(await store.end(tx, row.id, row.fence, "done", null))) throw StaleLease({});
          // The results go to the service's own tables, in the same database.
          await results(tx as never);
        });
        finished = true;
        await failpoints.hit("job.after_finish");
      },
    };
    try {
      await failpoints.hit("job.claimed");
      await withTrace(row.trace_id, () => kind.run(job));
      if (!finished) await job.finish(async () => undefined);
    } catch (error) {
      await this.#handleFailure(row, error).catch((failed) =>
        log.warn("job end not recorded", { jobId: row.id, err: failed }),
      );
    } finally {
      clearInterval(beat);
    }
  }

  async #handleFailure(row: store.Claimed, error: unknown): Promise<void> {
    const { db, log } = this.#parts;
    const text = error instanceof Error ? error.message : String(error);
    if (this.#stopping.signal.aborted) return store.putOff(db, row.id, row.fence, "the process stopped", 0);
    log.warn("job failed", { jobId: row.id, jobKind: row.kind, attempt: row.attempt, err: error });
    if (row.attempt < row.attempts_max)
      return store.retry(db, row.id, row.fence, text.slice(0, 1_000), delayMs(row.attempt, Math.random()));
    await this.#giveUp(row, error);
  }

  async #giveUp(row: store.Claimed, error: unknown): Promise<void> {
    const { db } = this.#parts;
    const kind = this.#kindOf(row.kind);
    const failure = asKinoraError(error);
    await db.tx(async (tx) => {
      // `onGiveUp` writes to the service's own tables, in the same database.
      if (!(await store.end(tx, row.id, row.fence, "dead", failure.message.slice(0, 1_000)))) return;
      const dead = { id: row.id, payload: JSON.parse(row.payload) };
      await withTrace(row.trace_id, async () => kind.onGiveUp?.(tx as never, dead, failure));
    });
  }
}
