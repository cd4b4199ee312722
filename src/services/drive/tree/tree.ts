import type { Id, Tx } from "#kernel";
import { depthMax, EntryNotFound, IntoItself, NameTaken, type OnConflict, TooDeep } from "../contract.ts";
import { createFolders, type Place, type Folders } from "./folders.ts";
import { nameColumns, nameKey } from "./names.ts";
import { createSubtrees, type SubtreesParts, type Subtrees } from "./subtrees.ts";
import { createTrashedEntries, type TrashedEntries } from "./entries.ts";
import * as treeStore from "./tree-store.ts";
import * as store from "../store.ts";

type Change = Tx<store.Tables>;

interface TreeParts extends SubtreesParts {
  readonly nextId: () => Id;
}

/** The changes of a user's tree. Each holds the user's lock, so what was read before still holds. */
export interface Tree extends Folders, TrashedEntries, Pick<Subtrees, "settle"> {
  /**
   * The name an entry gets in a folder where its own may be taken: undefined where it is to be left as it is.
   * `protectedIds` are entries that do not go to the trash in its favour.
   * @throws NameTaken
   */
  readonly nameIn: (
    tx: Change,
    place: Place,
    entry: {
      readonly name: string;
      readonly isFolder: boolean;
      readonly id?: Id;
      readonly protectedIds?: ReadonlySet<Id>;
    },
    conflict: OnConflict,
  ) => Promise<string | undefined>;
  readonly rename: (tx: Change, userId: Id, id: Id, name: string, conflict: OnConflict) => Promise<store.Row>;
  readonly move: (tx: Change, userId: Id, id: Id, folderId: Id | undefined, conflict: OnConflict) => Promise<store.Row>;
}

export function createTree(parts: TreeParts): Tree {
  const { now } = parts;
  const folders = createFolders(parts);
  const { lock, folder, update } = folders;
  const subtrees = createSubtrees(parts);
  const { freeNameIn, discard, settle } = subtrees;

  async function nameIn(
    tx: Change,
    place: Place,
    entry: {
      readonly name: string;
      readonly isFolder: boolean;
      readonly id?: Id;
      readonly protectedIds?: ReadonlySet<Id>;
    },
    conflict: OnConflict,
  ): Promise<string | undefined> {
    const { name, isFolder, id, protectedIds } = entry;
    const existing = await store.byName(tx, place.userId, place.parentId, nameKey(name));
    if (!existing || existing.id === id) return name;
    if (conflict === "fail") throw NameTaken({});
    if (conflict === "skip") return undefined;
    const isSameKind = (existing.rank === store.folderRank) === isFolder;
    if (conflict === "rename" || !isSameKind || protectedIds?.has(existing.id))
      return freeNameIn(tx, place, name, isFolder);
    await discard(tx, place.userId, existing.id);
    return name;
  }

  return {
    ...folders,
    ...createTrashedEntries(parts, folders, subtrees),
    settle,
    nameIn,

    async rename(tx: Change, userId: Id, id: Id, name: string, conflict: OnConflict): Promise<store.Row> {
      await lock(tx, userId);
      const row = await store.liveById(tx, userId, id);
      if (!row) throw EntryNotFound({});
      const isFolder = row.rank === store.folderRank;
      const newName = await nameIn(tx, { userId, parentId: row.parentId }, { name, isFolder, id }, conflict);
      if (newName === undefined || newName === row.name) return row;
      return update(tx, userId, id, { ...nameColumns(userId, newName), changed_at_ms: now() });
    },

    async move(tx: Change, userId: Id, id: Id, folderId: Id | undefined, conflict: OnConflict): Promise<store.Row> {
      await lock(tx, userId);
      const row = await store.liveById(tx, userId, id);
      if (!row) throw EntryNotFound({});
      const parentId = await folder(tx, userId, folderId);
      if (parentId === row.parentId) return row;
      const ancestors = parentId === store.rootId ? [] : await treeStore.ancestry(tx, userId, parentId);
      if (ancestors.some((ancestor) => ancestor.id === id)) throw IntoItself({});
      const { levels } = await treeStore.extent(tx, userId, row);
      if (ancestors.length + levels > depthMax) throw TooDeep({ depthMax });
      const isFolder = row.rank === store.folderRank;
      // The folder it comes out of may have the name: that one must not go to the trash with the entry inside.
      const protectedIds = new Set((await treeStore.ancestry(tx, userId, id)).map((ancestor) => ancestor.id));
      const name = await nameIn(tx, { userId, parentId }, { name: row.name, isFolder, id, protectedIds }, conflict);
      if (name === undefined) return row;
      return update(tx, userId, id, {
        parent_id: parentId,
        ...(name !== row.name && nameColumns(userId, name)),
      });
    },
  };
}
