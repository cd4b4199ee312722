import { callerOf, type Handlers, type Host, type Id, type Schedule, type Tx } from "#kernel";
import type { drive } from "../contract.ts";
import { outcomeOfEach } from "../tree/outcomes.ts";
import * as store from "../store.ts";
import * as trashStore from "../tree/trash-store.ts";
import { presentEntry } from "../tree/presenter.ts";
import type { Tree } from "../tree/tree.ts";

const expiringBatch = 1_000;

type TrashHost = Pick<Host<store.Tables, { readonly trashMs: number }>, "db" | "jobs" | "now" | "settings">;
type Change = Tx<store.Tables>;

/** The trash of a user; entries are deleted permanently by hand, or after a time. */
export function createTrash({ db, jobs, now, settings }: TrashHost, tree: Tree) {
  const enqueuePurge = (tx: Change, userId: Id) => jobs.add(tx, "purge", { payload: { userId } });

  const handlers: Pick<Handlers<typeof drive>, "trash" | "trashed" | "restore" | "remove" | "emptyTrash"> = {
    async trash({ ids }, call) {
      return outcomeOfEach(ids, async (id) => ({
        entry: presentEntry(await db.tx((tx) => tree.trash(tx, callerOf(call), id))),
      }));
    },

    trashed: async (page, call) => {
      const { items, ...paging } = await trashStore.listTrashed(db, callerOf(call), page);
      return { items: items.map(presentEntry), ...paging };
    },

    async restore({ ids }, call) {
      return outcomeOfEach(ids, async (id) => ({
        entry: presentEntry(await db.tx((tx) => tree.restore(tx, callerOf(call), id))),
      }));
    },

    async remove({ ids }, call) {
      const userId = callerOf(call);
      return outcomeOfEach(ids, async (id) => {
        await db.tx(async (tx) => {
          await tree.remove(tx, userId, id);
          await enqueuePurge(tx, userId);
        });
        return {};
      });
    },

    async emptyTrash(_, call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await tree.lock(tx, userId);
        const marked = await trashStore.markForPurge(tx, userId, { trashedBeforeMs: Number.MAX_SAFE_INTEGER });
        if (marked > 0) await enqueuePurge(tx, userId);
      });
      return {};
    },
  };

  const schedule: Schedule = {
    name: "drive.trash",
    pattern: "19 * * * *",
    async run(signal) {
      const trashedBeforeMs = now() - settings.trashMs;
      for (const userId of await trashStore.expiring(db, trashedBeforeMs, expiringBatch)) {
        if (signal.aborted) return;
        await db.tx(async (tx) => {
          await store.lockDrive(tx, userId);
          if ((await trashStore.markForPurge(tx, userId, { trashedBeforeMs })) > 0) await enqueuePurge(tx, userId);
        });
      }
    },
  };

  return { handlers, schedule };
}
