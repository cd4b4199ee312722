import type { Id, Tx } from "#kernel";
import type { Place } from "./folders.ts";
import type { EntryEvents } from "./entry-events.ts";
import { freeName, nameColumns } from "./names.ts";
import * as trashStore from "./trash-store.ts";
import * as store from "../store.ts";

type Change = Tx<store.Tables>;

/** Up to this many descendants go to the trash, or come back, in the transaction of their top; the rest follows in a job. */
export const inlineMax = 1_000;

export interface SubtreesParts {
  readonly now: () => number;
  readonly events: EntryEvents;
  /** Enqueues the job that moves the remaining descendants of an entry to the trash, or back. */
  readonly settleSoon: (tx: Change, userId: Id, id: Id) => Promise<unknown>;
}

/** Entries that go to the trash, or come back, with everything below them. */
export interface Subtrees {
  /** A name that is free in the folder. */
  readonly freeNameIn: (tx: Change, place: Place, name: string, isFolder: boolean) => Promise<string>;
  readonly discard: (tx: Change, userId: Id, id: Id) => Promise<void>;
  /** Restores one entry, under this name and into this folder. */
  readonly restoreEntry: (
    tx: Change,
    userId: Id,
    id: Id,
    to: Parameters<typeof trashStore.restoreEntry>[3],
  ) => Promise<void>;
  /** Moves up to `limit` descendants to where their top is, in the trash or out of it; whether none was left to move. */
  readonly settle: (tx: Change, userId: Id, id: Id, limit: number) => Promise<boolean>;
}

export function createSubtrees({ now, events, settleSoon }: SubtreesParts): Subtrees {
  const freeNameIn = (tx: Change, { userId, parentId }: Place, name: string, isFolder: boolean) =>
    freeName(name, isFolder, (keys) => store.takenNames(tx, userId, parentId, keys));

  async function discard(tx: Change, userId: Id, id: Id): Promise<void> {
    const { trashed, isWhole } = await trashStore.trashSubtree(tx, userId, id, now(), inlineMax);
    await events.changed(tx, userId, trashed);
    if (!isWhole) await settleSoon(tx, userId, id);
  }

  async function restoreEntry(
    tx: Change,
    userId: Id,
    id: Id,
    to: Parameters<typeof trashStore.restoreEntry>[3],
  ): Promise<void> {
    await events.changed(tx, userId, [await trashStore.restoreEntry(tx, userId, id, to)]);
  }

  async function settle(tx: Change, userId: Id, id: Id, limit: number): Promise<boolean> {
    const row = await trashStore.anyById(tx, userId, id);
    if (!row) return true;
    if (row.trashId === id) {
      const trashed = await trashStore.trashChildren(tx, userId, id, row.trashedAtMs ?? now(), limit);
      await events.changed(tx, userId, trashed);
      return trashed.length === 0;
    }
    const { restored, clash } = await trashStore.restoreDescendants(tx, userId, id, limit);
    await events.changed(tx, userId, restored);
    if (!clash) return restored.length === 0;
    const { parentId, name, rank } = clash;
    const free = await freeNameIn(tx, { userId, parentId }, name, rank === store.folderRank);
    await restoreEntry(tx, userId, clash.id, { parent_id: parentId, ...nameColumns(userId, free) });
    return false;
  }

  return { freeNameIn, discard, restoreEntry, settle };
}
