import type { Id, Tx } from "#kernel";
import { depthMax, EntryNotFound, NotTrashed } from "../contract.ts";
import type { Folders } from "./folders.ts";
import { nameColumns } from "./names.ts";
import { inlineMax, type Subtrees, type SubtreesParts } from "./subtrees.ts";
import * as trashStore from "./trash-store.ts";
import * as treeStore from "./tree-store.ts";
import * as store from "../store.ts";

type Change = Tx<store.Tables>;

/** Puts entries of a user's tree into the trash, restores them, and marks them for purge; each locks the tree. */
export interface TrashedEntries {
  readonly trash: (tx: Change, userId: Id, id: Id) => Promise<store.Row>;
  readonly restore: (tx: Change, userId: Id, id: Id) => Promise<store.Row>;
  /** Marks an entry for purge: a job deletes it permanently. */
  readonly remove: (tx: Change, userId: Id, id: Id) => Promise<void>;
}

export function createTrashedEntries(
  { settleSoon }: Pick<SubtreesParts, "settleSoon">,
  { lock, depthOf }: Folders,
  { freeNameIn, discard, restoreEntry, settle }: Subtrees,
): TrashedEntries {
  const reread = async (tx: Change, userId: Id, row: store.Row) => (await store.liveById(tx, userId, row.id)) ?? row;

  /** The folder a restored entry goes to: the one it was in, or the root where that is missing or too deep by now. */
  async function restorePlace(tx: Change, userId: Id, row: store.Row) {
    const { levels } = await treeStore.extent(tx, userId, row);
    const parent = await store.liveById(tx, userId, row.parentId);
    const fits =
      parent?.rank === store.folderRank && (await depthOf(tx, { userId, parentId: parent.id })) + levels <= depthMax;
    return { userId, parentId: fits ? row.parentId : store.rootId };
  }

  return {
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
      const place = await restorePlace(tx, userId, row);
      const name = await freeNameIn(tx, place, row.name, row.rank === store.folderRank);
      await restoreEntry(tx, userId, id, { parent_id: place.parentId, ...nameColumns(userId, name) });
      // Twice: the first turn may have moved all there are, and only the second finds none left.
      for (let turn = 0; turn < 2; turn++) if (await settle(tx, userId, id, inlineMax)) return reread(tx, userId, row);
      await settleSoon(tx, userId, id);
      return reread(tx, userId, row);
    },

    async remove(tx: Change, userId: Id, id: Id): Promise<void> {
      await lock(tx, userId);
      const row = await store.byId(tx, userId, id);
      if (!row) throw EntryNotFound({});
      if (row.trashId === null) await discard(tx, userId, id);
      await trashStore.markForPurge(tx, userId, { ids: [id] });
    },
  };
}
