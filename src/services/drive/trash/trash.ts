import { type Handlers, type Host, type Id, type JobKind, job, type Schedule, type Tx, callerOf } from "#kernel";
import { userErased } from "#policy/deleted-users";
import { drive } from "../contract.ts";
import type { Files } from "../files/files.ts";
import { each } from "../tree/outcomes.ts";
import * as store from "../store.ts";
import * as trashStore from "./trash-store.ts";
import { shown, type Tree } from "../tree/tree.ts";

const purgedAtOnce = 500;
const settledAtOnce = 500;
const expiringAtOnce = 1_000;

type TrashHost = Pick<Host<store.Tables, { readonly trashMs: number }>, "db" | "emit" | "jobs" | "now" | "settings">;
type Change = Tx<store.Tables>;

/** What is thrown away, what comes back, and what is deleted for good after a while. */
export function trashOf({ db, emit, jobs, now, settings }: TrashHost, { tree, files }: { tree: Tree; files: Files }) {
  const purgeSoon = (tx: Change, userId: Id) => jobs.add(tx, "purge", { payload: { userId } });

  const handlers: Pick<Handlers<typeof drive>, "trash" | "trashed" | "restore" | "remove" | "emptyTrash"> = {
    async trash({ ids }, asked) {
      return each(ids, async (id) => ({ entry: shown(await db.tx((tx) => tree.trash(tx, callerOf(asked), id))) }));
    },

    async trashed(page, asked) {
      const { items, ...rest } = await trashStore.trashed(db, callerOf(asked), page);
      return { items: items.map(shown), ...rest };
    },

    async restore({ ids }, asked) {
      return each(ids, async (id) => ({ entry: shown(await db.tx((tx) => tree.restore(tx, callerOf(asked), id))) }));
    },

    async remove({ ids }, asked) {
      const userId = callerOf(asked);
      return each(ids, async (id) => {
        await db.tx(async (tx) => {
          await tree.remove(tx, userId, id);
          await purgeSoon(tx, userId);
        });
        return {};
      });
    },

    async emptyTrash(_, asked) {
      const userId = callerOf(asked);
      await db.tx(async (tx) => {
        await tree.lock(tx, userId);
        const condemned = await trashStore.condemn(tx, userId, { trashedBeforeMs: Number.MAX_SAFE_INTEGER });
        if (condemned > 0) await purgeSoon(tx, userId);
      });
      return {};
    },
  };

  /** Marks what lies below something that was thrown away, where that is much. */
  const settle = job<{ userId: Id; id: Id }>({
    kind: "settle",
    concurrency: 1,
    attemptsMax: 8,
    leaseMs: 30_000,
    async run(running) {
      const { userId, id } = running.payload;
      for (const done = { isAll: false }; !done.isAll; ) {
        running.signal.throwIfAborted();
        await running.step<store.Tables>(async (tx) => {
          await store.lockDrive(tx, userId);
          done.isAll = await tree.settle(tx, userId, id, settledAtOnce);
        });
      }
    },
  });

  const purge = job<{ userId: Id; isAll?: boolean }>({
    kind: "purge",
    concurrency: 1,
    attemptsMax: 8,
    leaseMs: 30_000,
    async run(running) {
      const { userId, isAll = false } = running.payload;
      const some = async (tx: Change): Promise<boolean> => {
        await store.lockDrive(tx, userId);
        const next = isAll ? undefined : await trashStore.condemned(tx, userId);
        // What is not marked yet would lose what it lies in.
        if (next && !(await tree.settle(tx, userId, next.id, purgedAtOnce))) return false;
        const gone = await (isAll ? trashStore.purgeAll : trashStore.purge)(tx, userId, purgedAtOnce, now());
        await files.letGo(tx, userId, gone.fileIds);
        return gone.isAll;
      };
      for (const done = { isAll: false }; !done.isAll; ) {
        // A job that stops half way has failed: one that returns is over.
        running.signal.throwIfAborted();
        await running.step<store.Tables>(async (tx) => {
          done.isAll = await some(tx);
        });
      }
      // The receipt is given when it is true.
      if (isAll) await running.finish((tx: Change) => emit(tx, userErased, userId, { userId, service: drive.name }));
    },
  });

  const schedule: Schedule = {
    name: "drive.trash",
    pattern: "19 * * * *",
    async run(signal) {
      const trashedBeforeMs = now() - settings.trashMs;
      for (const userId of await trashStore.expiring(db, trashedBeforeMs, expiringAtOnce)) {
        if (signal.aborted) return;
        await db.tx(async (tx) => {
          await store.lockDrive(tx, userId);
          if ((await trashStore.condemn(tx, userId, { trashedBeforeMs })) > 0) await purgeSoon(tx, userId);
        });
      }
    },
  };

  return { handlers, jobs: [settle, purge] satisfies JobKind[], schedule };
}
