import { contentRemoved, contentRestored } from "#events/moderation";
import { type Host, type Id, job, type JobKind, type Tx } from "#kernel";
import type { Tables } from "../store.ts";
import * as sweepStore from "./sweep-store.ts";

/** Things that are set aside, or brought back, in one transaction. */
const batchSize = 100;

export interface SweepWork {
  readonly sweepId: Id;
}

/** Jobs that set the content of an account aside, and bring it back; each goes on where it was stopped. */
export function createSweepJobs({ emit, now }: Pick<Host<Tables>, "emit" | "now">): readonly JobKind[] {
  /** Sets some things aside, or withdraws the reports at the end; yields how many things. */
  async function setSomeAside(tx: Tx<Tables>, sweepId: Id): Promise<number> {
    const sweep = await sweepStore.lock(tx, sweepId);
    if (sweep?.undoneAtMs !== null) return 0;
    const things = await sweepStore.setSomeAside(tx, sweep, batchSize);
    for (const { kind, id } of things)
      await emit(tx, contentRemoved, id, { kind, id, reason: sweep.note, atMs: now() });
    if (things.length === 0) await sweepStore.withdrawReports(tx, sweep, now());
    return things.length;
  }

  async function restoreSome(tx: Tx<Tables>, sweepId: Id): Promise<number> {
    await sweepStore.lock(tx, sweepId);
    const { count, things } = await sweepStore.takeSome(tx, sweepId, batchSize);
    for (const { kind, id } of things) await emit(tx, contentRestored, id, { kind, id, atMs: now() });
    return count;
  }

  const jobOf = (kind: string, change: (tx: Tx<Tables>, sweepId: Id) => Promise<number>): JobKind =>
    job<SweepWork>({
      kind,
      concurrency: 1,
      attemptsMax: 20,
      leaseMs: 30_000,
      async run(running) {
        const changed = { count: 1 };
        while (changed.count > 0) {
          running.signal.throwIfAborted();
          await running.step(async (tx: Tx<Tables>) => {
            changed.count = await change(tx, running.payload.sweepId);
          });
        }
        await running.finish(async () => undefined);
      },
    });

  return [jobOf("sweep", setSomeAside), jobOf("undo-sweep", restoreSome)];
}
