import { accountSwept } from "#events/moderation";
import { userUnfollowed } from "#events/relation";
import { type Host, type Id, job, type JobKind, on, type Subscription, type Tx } from "#kernel";
import * as requestStore from "./requests/request-store.ts";
import * as store from "./store.ts";

/** Follows that are looked up at once. */
const batchSize = 100;

interface Work {
  readonly userId: Id;
}

/** Ends the follows and the requests of an account whose acts are taken back. */
export const createSweep = ({
  db,
  emit,
  jobs,
  now,
}: Pick<Host<store.Tables>, "db" | "emit" | "jobs" | "now">): {
  readonly jobKind: JobKind;
  readonly subscription: Subscription<store.Tables>;
} => ({
  subscription: on(accountSwept, async (tx: Tx<store.Tables>, { userId }) => {
    await jobs.add(tx, "sweep", { payload: { userId } satisfies Work });
  }),

  jobKind: job<Work>({
    kind: "sweep",
    concurrency: 1,
    attemptsMax: 20,
    leaseMs: 30_000,
    async run(running) {
      const { userId } = running.payload;
      let rows: { personId: Id }[];
      do {
        running.signal.throwIfAborted();
        rows = await store.batchOf(db, "user_id", userId, 0, batchSize);
        for (const { personId: targetId } of rows)
          await running.step(async (tx: Tx<store.Tables>) => {
            const pair = { userId, targetId };
            await store.lockPair(tx, pair);
            if (await store.unfollow(tx, pair)) await emit(tx, userUnfollowed, userId, { ...pair, atMs: now() });
          });
      } while (rows.length > 0);
      await running.finish(async (tx: Tx<store.Tables>) => void (await requestStore.removeOf(tx, userId)));
    },
  }),
});
