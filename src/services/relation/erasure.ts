import { type Host, type Id, type JobKind, job, type Tx } from "#kernel";
import { userErased } from "#policy/deleted-users";
import { relation } from "./contract.ts";
import * as store from "./store.ts";

/** Follows and blocks of a deleted account that are deleted in one transaction. */
const erasureBatch = 500;

/** Deletes the follows and blocks of a deleted account. */
export const erasureJob = ({ emit }: Pick<Host<store.Tables>, "emit">): JobKind =>
  job<{ readonly userId: Id }>({
    kind: "forget",
    concurrency: 1,
    attemptsMax: 20,
    leaseMs: 30_000,
    // In small steps, so that an account with millions of followers delays no other.
    async run(running) {
      const { userId } = running.payload;
      const batch = { count: 1 };
      while (batch.count > 0)
        await running.step(async (tx: Tx<store.Tables>) => {
          batch.count = await store.deleteSome(tx, userId, erasureBatch);
        });
      // The receipt is sent when nothing is left.
      await running.finish((tx: Tx<store.Tables>) => emit(tx, userErased, userId, { userId, service: relation.name }));
    },
  });
