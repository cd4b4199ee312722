import assert from "node:assert/strict";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { asKinoraError, failure } from "../errors.ts";
import { withTrace } from "../trace.ts";
import type { ClaimedJob, JobKind, JobQueue } from "./port.ts";
import * as store from "./store.ts";

export const StaleLease = failure("conflict", "kernel.stale_lease", "another worker holds this job by now");

/** 1 s, 4 s, 16 s … 5 min, each between half and the whole of it, so that what failed together does not retry together. */
const delayMs = (attempt: number, random: number): number =>
  Math.round(Math.min(1_000 * 4 ** (attempt - 1), 300_000) * (0.5 + random / 2));

interface QueueParts {
  readonly db: Db<KernelTables>;
  /** One kind, or all that share a pool. */
  readonly kinds: readonly JobKind[];
  /** The name of the worker; stable over restarts, so that it takes back what it held. */
  readonly owner: string;
}

/** The jobs of these kinds in the tables of their service, for one worker. */
export function createQueue({ db, kinds, owner }: QueueParts): JobQueue {
  const pool = kinds.map(({ kind }) => kind);

  async function giveUp(job: ClaimedJob, error: unknown): Promise<void> {
    const kind = kinds.find((declared) => declared.kind === job.kind);
    assert.ok(kind, `no job of kind ${job.kind} is worked off here`);
    const failure = asKinoraError(error);
    await db.tx(async (tx) => {
      // `onGiveUp` writes to the service's own tables, in the same database.
      if (!(await store.end(tx, job.id, job.fence, "dead", failure.message.slice(0, 1_000)))) return;
      const dead = { id: job.id, payload: JSON.parse(job.payload) };
      await withTrace(job.trace_id, async () => kind.onGiveUp?.(tx as never, dead, failure));
    });
  }

  return {
    async recoverLost() {
      for (const lost of await store.requeueExpired(db, pool)) await giveUp(lost, new Error("the worker went silent"));
    },
    claim: (open) => store.claim(db, open, pool, owner),
    find: (id, fence) => store.heldBy(db, id, fence, owner),
    renew: ({ id, fence }, leaseMs, progress) => store.heartbeat(db, id, fence, leaseMs, progress),
    step: ({ id, fence }, results) =>
      db.tx(async (tx) => {
        if (!(await store.holds(tx, id, fence))) throw StaleLease({});
        // The results go to the service's own tables, in the same database.
        await results(tx as never);
      }),
    finish: ({ id, fence }, results) =>
      db.tx(async (tx) => {
        if (!(await store.end(tx, id, fence, "done", null))) throw StaleLease({});
        // The results go to the service's own tables, in the same database.
        await results(tx as never);
      }),
    putOff: ({ id, fence }, delayMs, reason) => store.putOff(db, id, fence, reason.slice(0, 1_000), delayMs),
    async fail(job, error) {
      if (job.attempt >= job.attempts_max) return giveUp(job, error);
      const text = error instanceof Error ? error.message : String(error);
      await store.retry(db, job.id, job.fence, text.slice(0, 1_000), delayMs(job.attempt, Math.random()));
    },
  };
}
