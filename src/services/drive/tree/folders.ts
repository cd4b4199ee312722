import type { Id, Reader, Tx } from "#kernel";
import { depthMax, EntryNotFound, entriesMax, FolderNotFound, NameTaken, TooDeep, TooMany } from "../contract.ts";
import type { EntryEvents } from "./entry-events.ts";
import { nameColumns, nameKey } from "./names.ts";
import * as treeStore from "./tree-store.ts";
import * as store from "../store.ts";

type Change = Tx<store.Tables>;

/** The owner and parent of a row to be inserted or moved. */
export interface Place {
  readonly userId: Id;
  readonly parentId: Id;
}

interface FoldersParts {
  readonly nextId: () => Id;
  readonly now: () => number;
  readonly events: EntryEvents;
}

/** The lock of a user's tree, its folders and rows, and the limits of all of them. */
export interface Folders {
  /** @throws EntryNotFound for a deleted account */
  readonly lock: (tx: Change, userId: Id) => Promise<{ readonly entries: number }>;
  /** The id of a live folder, or the root's. @throws FolderNotFound */
  readonly folder: (db: Reader<store.Tables>, userId: Id, folderId: Id | undefined) => Promise<Id>;
  readonly depthOf: (tx: Change, place: Place) => Promise<number>;
  /** Checks that a folder has room for this many more levels. @throws TooDeep */
  readonly checkDepth: (tx: Change, place: Place, levels: number) => Promise<void>;
  /** @throws TooMany */
  readonly checkRoom: (input: { readonly entries: number }, more: number) => void;
  readonly insertFolder: (tx: Change, place: Place, name: string) => Promise<store.Row>;
  /** Changes the name or the place of an entry. */
  readonly update: (tx: Change, userId: Id, id: Id, to: Parameters<typeof store.updateEntry>[3]) => Promise<store.Row>;
  /** The folder of this name, inserted where it is missing. @throws NameTaken where the name is a file's */
  readonly ensureFolder: (tx: Change, place: Place, name: string) => Promise<store.Row>;
}

export function createFolders({ nextId, now, events }: FoldersParts): Folders {
  async function lock(tx: Change, userId: Id): Promise<{ readonly entries: number }> {
    const drive = await store.lockDrive(tx, userId);
    if (!drive) throw EntryNotFound({});
    return drive;
  }

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

  async function checkDepth(tx: Change, place: Place, levels: number): Promise<void> {
    if ((await depthOf(tx, place)) + levels > depthMax) throw TooDeep({ depthMax });
  }

  function checkRoom({ entries }: { readonly entries: number }, more: number): void {
    if (entries + more > entriesMax) throw TooMany({ entriesMax });
  }

  async function insertFolder(tx: Change, place: Place, name: string): Promise<store.Row> {
    const atMs = now();
    const row = await store.insert(tx, {
      ...nameColumns(place.userId, name),
      id: nextId(),
      user_id: place.userId,
      parent_id: place.parentId,
      rank: store.folderRank,
      kind: "folder",
      created_at_ms: atMs,
      changed_at_ms: atMs,
      uploaded_at_ms: atMs,
    });
    await events.changed(tx, place.userId, [row]);
    return row;
  }

  async function update(
    tx: Change,
    userId: Id,
    id: Id,
    to: Parameters<typeof store.updateEntry>[3],
  ): Promise<store.Row> {
    const row = await store.updateEntry(tx, userId, id, to);
    await events.changed(tx, userId, [row]);
    return row;
  }

  async function ensureFolder(tx: Change, place: Place, name: string): Promise<store.Row> {
    const existing = await store.byName(tx, place.userId, place.parentId, nameKey(name));
    if (existing?.rank === store.fileRank) throw NameTaken({});
    return existing ?? insertFolder(tx, place, name);
  }

  return { lock, folder, depthOf, checkDepth, checkRoom, insertFolder, update, ensureFolder };
}
