import { userErased } from "#events/auth";
import { entriesChanged } from "#events/drive";
import { type Call, type Host, job, type JobKind, on, type Subscription, type Tx } from "#kernel";
import { type Projection, createReplicaProjection } from "#kernel/db/projection";
import { deletedAmong, isDeletedUser } from "#policy/copies/deleted-users";
import { drive } from "#services/drive/contract";
import { search } from "../contract.ts";
import type { Tables } from "../store.ts";
import * as documentStore from "./document-store.ts";
import { documentKind } from "./documents.ts";
import * as fileStore from "./file-store.ts";

const eraseBatch = 1_000;
/** The job that deletes the files of a deleted account, and sends the receipt. */
export const eraseFiles = "erase_files";

type Parts = Pick<Host<Tables>, "db" | "client" | "emit" | "now">;

/** The files of users as documents: they follow the drive by its events, and are compared with it. */
export interface Files {
  readonly subscription: Subscription<Tables>;
  readonly jobs: JobKind[];
  readonly projection: Projection;
  /**
   * True if the oldest entry of the drive was never stored here, because the instance had files before they could be
   * searched.
   */
  readonly isUnfilled: (call: Call) => Promise<boolean>;
}

export function createFiles({ db, client, emit, now }: Parts): Files {
  const subscription: Subscription<Tables> = on(entriesChanged, async (tx: Tx<Tables>, { userId, entries, atMs }) => {
    const isDeleted = await isDeletedUser(tx, userId);
    // Entries of a deleted account are stored as deleted.
    const states = isDeleted ? entries.map((entry) => ({ ...entry, state: "deleted" as const })) : entries;
    await fileStore.put(
      tx,
      states.map((entry) => fileStore.fileDocument(entry, userId, atMs)),
    );
  });

  /** In batches: as long as a transaction is open, no process follows the documents that others change. */
  const erase: JobKind = job<{ readonly userId: number }>({
    kind: eraseFiles,
    concurrency: 1,
    attemptsMax: 8,
    leaseMs: 30_000,
    async run(running) {
      const { userId } = running.payload;
      for (const done = { isAll: false }; !done.isAll; ) {
        running.signal.throwIfAborted();
        await running.step<Tables>(async (tx) => {
          done.isAll = (await fileStore.removeSome(tx, userId, eraseBatch, now())) === 0;
        });
      }
      // The receipt of the service: all else was deleted before.
      await running.finish<Tables>((tx) => emit(tx, userErased, userId, { userId, service: search.name }));
    },
  });

  const projection: Projection = createReplicaProjection({
    listStored: (after, limit) => documentStore.listDocuments(db, documentKind.file, after, limit),
    listOwned: async (page, call) => (await client(drive).batch(page, call)).items,
    idOf: ({ id }) => id,
    async repair(deleted, owned) {
      const atMs = now();
      const wrong = await db.tx(async (tx) => {
        const leaving = await deletedAmong(
          tx,
          owned.map(({ userId }) => userId),
        );
        const states = owned.flatMap((entry) =>
          leaving.has(entry.userId) ? [] : [fileStore.fileDocument(entry, entry.userId, atMs)],
        );
        return fileStore.put(tx, states);
      });
      const visibleDeleted = deleted.filter(({ isVisible }) => isVisible);
      const tombstones = visibleDeleted.map(({ id }) =>
        fileStore.fileDocument({ id, version: 0, state: "deleted", kind: "other", name: "" }, 0, atMs),
      );
      await db.tx((tx) => fileStore.put(tx, tombstones));
      return [
        ...wrong.map((id) => `file ${id} has an outdated search entry`),
        ...visibleDeleted.map(({ id }) => `file ${id} is deleted and has a search entry`),
      ];
    },
  });

  let isFilled = false;
  return {
    subscription,
    jobs: [erase],
    projection,

    async isUnfilled(call: Call): Promise<boolean> {
      if (isFilled) return false;
      const [oldest] = (await client(drive).batch({ limit: 1 }, call)).items;
      isFilled = oldest === undefined || (await fileStore.isKnown(db, oldest.id));
      return !isFilled;
    },
  };
}
