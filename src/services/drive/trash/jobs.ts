import { userErased } from "#events/auth";
import { type Host, type Id, type JobKind, job, type Tx } from "#kernel";
import { drive } from "../contract.ts";
import type { Files } from "../files/files.ts";
import type { EntryEvents } from "../tree/entry-events.ts";
import * as store from "../store.ts";
import * as trashStore from "../tree/trash-store.ts";
import type { Tree } from "../tree/tree.ts";

const purgeBatch = 500;
const settleBatch = 500;

type Change = Tx<store.Tables>;

/** Jobs that move large folders to the trash and back, and delete trashed entries permanently. */
export function createTrashJobs(
  { emit, now }: Pick<Host<store.Tables>, "emit" | "now">,
  { tree, files, events }: { readonly tree: Tree; readonly files: Files; readonly events: EntryEvents },
): JobKind[] {
  /** Moves the remaining descendants of a large folder to the trash, or back. */
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
          done.isAll = await tree.settle(tx, userId, id, settleBatch);
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
      const purgeSome = async (tx: Change): Promise<boolean> => {
        await store.lockDrive(tx, userId);
        const next = isAll ? undefined : await trashStore.nextToPurge(tx, userId);
        // Descendants that are not in the trash yet would lose their folder.
        if (next && !(await tree.settle(tx, userId, next.id, purgeBatch))) return false;
        const purged = await (isAll ? trashStore.purgeAll : trashStore.purge)(tx, userId, purgeBatch, now());
        await files.publishReleased(tx, userId, trashStore.fileIdsOf(purged));
        await events.deleted(tx, userId, purged);
        return purged.length === 0;
      };
      for (const done = { isAll: false }; !done.isAll; ) {
        // A job that stops half way has failed; one that returns is over.
        running.signal.throwIfAborted();
        await running.step<store.Tables>(async (tx) => {
          done.isAll = await purgeSome(tx);
        });
      }
      // The receipt is sent when nothing is left.
      if (isAll) await running.finish((tx: Change) => emit(tx, userErased, userId, { userId, service: drive.name }));
    },
  });

  return [settle, purge];
}
