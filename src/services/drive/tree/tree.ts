import type { Id, Reader, Tx } from "#kernel";
import {
  BadName,
  depthMax,
  type Entry,
  EntryNotFound,
  entriesMax,
  FolderNotFound,
  IntoItself,
  NameTaken,
  NotTrashed,
  type OnConflict,
  TooDeep,
  TooMany,
} from "../contract.ts";
import { freeName, gramsOf, nameKey, nameOf } from "./names.ts";
import * as trashStore from "../trash/trash-store.ts";
import * as treeStore from "./tree-store.ts";
import * as store from "../store.ts";

type Change = Tx<store.Tables>;

/** The owner and parent of a row to be made or moved. */
interface Place {
  readonly userId: Id;
  readonly parentId: Id;
}

export const shown = (row: store.Row): Entry => {
  const { id, parentId, name, kind, mime, sizeBytes, isShared, createdAtMs, changedAtMs, trashedAtMs } = row;
  const folderId = parentId === store.rootId ? null : parentId;
  return { id, folderId, name, kind, mime, sizeBytes, isShared, createdAtMs, changedAtMs, trashedAtMs };
};

/** @throws BadName */
export function checkedName(given: string): string {
  const name = nameOf(given);
  if (name === undefined) throw BadName({});
  return name;
}

/** A name as a row has it. */
export const named = (userId: Id, name: string) => {
  const key = nameKey(name);
  return { name, name_key: key, grams: gramsOf(userId, key) };
};

interface TreeParts {
  readonly nextId: () => Id;
  readonly now: () => number;
  /** Sees to it that everything below follows into the trash, or out of it. */
  readonly settleSoon: (tx: Change, userId: Id, id: Id) => Promise<unknown>;
}
/** What lies below something goes into the trash, and out of it, with it where it is at most this; more follows later. */
const atOnceMax = 1_000;

/** What may be done to a user's tree. Every change holds the user's lock, so what was read before is still so. */
export function treeOf({ nextId, now, settleSoon }: TreeParts) {
  /** @throws EntryNotFound for somebody who is gone. */
  async function lock(tx: Change, userId: Id): Promise<{ readonly entries: number }> {
    const drive = await store.lockDrive(tx, userId);
    if (!drive) throw EntryNotFound({});
    return drive;
  }

  /** The id of a live folder, or the root's. @throws FolderNotFound */
  async function folder(db: Reader<store.Tables>, userId: Id, folderId: Id | undefined): Promise<Id> {
    if (folderId === undefined) return store.rootId;
    const row = await store.liveById(db, userId, folderId);
    if (row?.rank !== store.folderRank || !(await treeStore.isReachable(db, userId, folderId)))
      throw FolderNotFound({});
    return row.id;
  }

  async function depthOf(tx: Change, { userId, parentId }: Place): Promise<number> {
    return parentId === store.rootId ? 0 : (await treeStore.ancestry(tx, userId, parentId)).length;
  }

  /** Room for so many more levels below a folder. @throws TooDeep */
  async function checkDepth(tx: Change, place: Place, levels: number): Promise<void> {
    if ((await depthOf(tx, place)) + levels > depthMax) throw TooDeep({ depthMax });
  }

  async function discard(tx: Change, userId: Id, id: Id): Promise<void> {
    const isWhole = await trashStore.discard(tx, userId, id, now(), atOnceMax);
    if (!isWhole) await settleSoon(tx, userId, id);
  }

  /** Whether everything that went into the trash with this is where this is now; changes up to `limit` that is not. */
  async function settle(tx: Change, userId: Id, id: Id, limit: number): Promise<boolean> {
    const row = await trashStore.anyById(tx, userId, id);
    if (!row) return true;
    if (row.trashId === id) return (await trashStore.mark(tx, userId, id, row.trashedAtMs ?? now(), limit)) === 0;
    const { taken, clash } = await trashStore.unmark(tx, userId, id, limit);
    if (!clash) return taken === 0;
    const { parentId, name, rank } = clash;
    const free = await freeIn(tx, { userId, parentId }, name, rank === store.folderRank);
    await trashStore.takeBack(tx, userId, clash.id, { parent_id: parentId, ...named(userId, free) });
    return false;
  }

  const freeIn = (tx: Change, { userId, parentId }: Place, name: string, isFolder: boolean) =>
    freeName(name, isFolder, (keys) => store.takenNames(tx, userId, parentId, keys));

  /**
   * The name something gets in a folder where it may be taken: undefined where it is to be left as it is. `kept` are
   * entries that are not put into the trash in its favour.
   * @throws NameTaken
   */
  async function nameIn(
    tx: Change,
    place: Place,
    wanted: { readonly name: string; readonly isFolder: boolean; readonly id?: Id; readonly kept?: ReadonlySet<Id> },
    conflict: OnConflict,
  ): Promise<string | undefined> {
    const { name, isFolder, id, kept } = wanted;
    const there = await store.byName(tx, place.userId, place.parentId, nameKey(name));
    if (!there || there.id === id) return name;
    if (conflict === "fail") throw NameTaken({});
    if (conflict === "skip") return undefined;
    const isLike = (there.rank === store.folderRank) === isFolder;
    if (conflict === "rename" || !isLike || kept?.has(there.id)) return freeIn(tx, place, name, isFolder);
    await discard(tx, place.userId, there.id);
    return name;
  }

  async function insertFolder(tx: Change, place: Place, name: string): Promise<store.Row> {
    const atMs = now();
    return store.insert(tx, {
      ...named(place.userId, name),
      id: nextId(),
      user_id: place.userId,
      parent_id: place.parentId,
      rank: store.folderRank,
      kind: "folder",
      created_at_ms: atMs,
      changed_at_ms: atMs,
      uploaded_at_ms: atMs,
    });
  }

  const backOf = async (tx: Change, userId: Id, row: store.Row) => (await store.liveById(tx, userId, row.id)) ?? row;

  return {
    lock,
    folder,
    settle,
    nameIn,
    insertFolder,
    checkDepth,

    /** @throws TooMany */
    checkRoom({ entries }: { readonly entries: number }, more: number): void {
      if (entries + more > entriesMax) throw TooMany({ entriesMax });
    },

    /** The folder of this name, made where there is none. @throws NameTaken where it is a file */
    async ensureFolder(tx: Change, place: Place, name: string): Promise<store.Row> {
      const there = await store.byName(tx, place.userId, place.parentId, nameKey(name));
      if (there?.rank === store.fileRank) throw NameTaken({});
      return there ?? insertFolder(tx, place, name);
    },

    async rename(tx: Change, userId: Id, id: Id, name: string, conflict: OnConflict): Promise<store.Row> {
      await lock(tx, userId);
      const row = await store.liveById(tx, userId, id);
      if (!row) throw EntryNotFound({});
      const isFolder = row.rank === store.folderRank;
      const given = await nameIn(tx, { userId, parentId: row.parentId }, { name, isFolder, id }, conflict);
      if (given === undefined || given === row.name) return row;
      return store.settle(tx, userId, id, { ...named(userId, given), changed_at_ms: now() });
    },

    async move(tx: Change, userId: Id, id: Id, folderId: Id | undefined, conflict: OnConflict): Promise<store.Row> {
      await lock(tx, userId);
      const row = await store.liveById(tx, userId, id);
      if (!row) throw EntryNotFound({});
      const parentId = await folder(tx, userId, folderId);
      if (parentId === row.parentId) return row;
      const above = parentId === store.rootId ? [] : await treeStore.ancestry(tx, userId, parentId);
      if (above.some((one) => one.id === id)) throw IntoItself({});
      const { levels } = await treeStore.extent(tx, userId, row);
      if (above.length + levels > depthMax) throw TooDeep({ depthMax });
      const isFolder = row.rank === store.folderRank;
      // The folder it comes out of may be what has the name: that one must not go to the trash with it inside.
      const kept = new Set((await treeStore.ancestry(tx, userId, id)).map((one) => one.id));
      const given = await nameIn(tx, { userId, parentId }, { name: row.name, isFolder, id, kept }, conflict);
      if (given === undefined) return row;
      return store.settle(tx, userId, id, { parent_id: parentId, ...(given !== row.name && named(userId, given)) });
    },

    async trash(tx: Change, userId: Id, id: Id): Promise<store.Row> {
      await lock(tx, userId);
      const row = await store.byId(tx, userId, id);
      if (!row) throw EntryNotFound({});
      if (row.trashId === null) await discard(tx, userId, id);
      return (await store.byId(tx, userId, id)) ?? row;
    },

    async restore(tx: Change, userId: Id, id: Id): Promise<store.Row> {
      await lock(tx, userId);
      const row = await store.byId(tx, userId, id);
      if (!row) throw EntryNotFound({});
      if (row.trashId === null) throw NotTrashed({});
      const { levels } = await treeStore.extent(tx, userId, row);
      const old = await store.liveById(tx, userId, row.parentId);
      const isThere =
        old?.rank === store.folderRank && (await depthOf(tx, { userId, parentId: old.id })) + levels <= depthMax;
      const place = { userId, parentId: isThere ? row.parentId : store.rootId };
      const name =
        (await nameIn(tx, place, { name: row.name, isFolder: row.rank === store.folderRank }, "rename")) ?? row.name;
      await trashStore.takeBack(tx, userId, id, { parent_id: place.parentId, ...named(userId, name) });
      // Twice: the first may have taken all there is.
      for (let turn = 0; turn < 2; turn++) if (await settle(tx, userId, id, atOnceMax)) return backOf(tx, userId, row);
      await settleSoon(tx, userId, id);
      return backOf(tx, userId, row);
    },

    /** Deletes for good, as soon as somebody works it off. */
    async remove(tx: Change, userId: Id, id: Id): Promise<void> {
      await lock(tx, userId);
      const row = await store.byId(tx, userId, id);
      if (!row) throw EntryNotFound({});
      if (row.trashId === null) await discard(tx, userId, id);
      await trashStore.condemn(tx, userId, { ids: [id] });
    },
  };
}
export type Tree = ReturnType<typeof treeOf>;
