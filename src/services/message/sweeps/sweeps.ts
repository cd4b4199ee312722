import { accountSwept, sweepUndone } from "#events/moderation";
import { type Host, type Id, job, type JobKind, on, type Subscription, type Tx } from "#kernel";
import type { Tables } from "../store.ts";
import * as sweepStore from "./sweep-store.ts";

/** Messages that are changed in one transaction. */
const batchSize = 200;

interface Work {
  readonly sweepId: Id;
  readonly isUndone: boolean;
}

/** Removes the messages of an account whose acts are taken back, and restores them when that is undone. */
export const createSweeps = ({
  jobs,
}: Pick<Host<Tables>, "jobs">): {
  readonly jobKind: JobKind;
  readonly subscriptions: readonly Subscription<Tables>[];
} => ({
  subscriptions: [
    on(accountSwept, async (tx: Tx<Tables>, { userId, sweepId, atMs }) => {
      await sweepStore.put(tx, sweepId, userId, atMs);
      await jobs.add(tx, "sweep", { payload: { sweepId, isUndone: false } satisfies Work });
    }),
    on(sweepUndone, async (tx: Tx<Tables>, { userId, sweepId }) => {
      await sweepStore.setUndone(tx, sweepId, userId);
      await jobs.add(tx, "sweep", { payload: { sweepId, isUndone: true } satisfies Work });
    }),
  ],

  jobKind: job<Work>({
    kind: "sweep",
    concurrency: 1,
    attemptsMax: 20,
    leaseMs: 30_000,
    async run(running) {
      const { sweepId, isUndone } = running.payload;
      const change = isUndone ? sweepStore.restoreSome : sweepStore.removeSome;
      const changed = { count: 1 };
      while (changed.count > 0) {
        running.signal.throwIfAborted();
        await running.step(async (tx: Tx<Tables>) => {
          changed.count = await change(tx, sweepId, batchSize);
        });
      }
      await running.finish(async () => undefined);
    },
  }),
});
