import assert from "node:assert/strict";
import type { Failpoints } from "../environment/failpoint.ts";
import type { Log } from "../log/port.ts";
import { Loop } from "../process/loop.ts";
import { withTrace } from "../trace.ts";
import type { ClaimedJob, Job, JobKind, WorkQueue } from "./port.ts";
import { StaleLease } from "./queue.ts";

/** Leases that ended are looked for this often at most, not at every commit. */
const lostEveryMs = 1_000;

interface WorkerParts {
  readonly queue: WorkQueue;
  /** One kind, or all that share a pool. */
  readonly kinds: readonly JobKind[];
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
    const { queue, kinds } = this.#parts;
    if (performance.now() - this.#lookedForLost >= lostEveryMs) {
      this.#lookedForLost = performance.now();
      await queue.recoverLost();
    }
    for (;;) {
      const open = openKinds(kinds, [...this.#running.values()]);
      if (this.#stopping.signal.aborted) return undefined;
      // A process that takes no jobs itself still looks for those that others lost.
      if (open.length === 0) return this.#running.size === 0 ? lostEveryMs : undefined;
      const claimed = await queue.claim(open);
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

  async #work(row: ClaimedJob): Promise<void> {
    const { queue, log, failpoints } = this.#parts;
    const kind = this.#kindOf(row.kind);
    const lost = new AbortController();
    let progress = 0;
    let finished = false;
    const beat = setInterval(
      () => {
        queue.renew(row, kind.leaseMs, progress).then(
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
        await queue.step(row, results);
        await failpoints.hit("job.after_step");
      },
      async putOff(delayMs, reason) {
        await queue.putOff(row, delayMs, reason);
        finished = true;
      },
      async finish(results) {
        await failpoints.hit("job.before_finish");
        await queue.finish(row, results);
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

  async #handleFailure(row: ClaimedJob, error: unknown): Promise<void> {
    const { queue, log } = this.#parts;
    if (this.#stopping.signal.aborted) return queue.putOff(row, 0, "the process stopped");
    log.warn("job failed", { jobId: row.id, jobKind: row.kind, attempt: row.attempt, err: error });
    await queue.fail(row, error);
  }
}
