import { type Call, callerOf, type Client, type Db, type Host, type Id, type Jobs } from "#kernel";
import type { upload } from "#services/upload/contract";
import {
  type Entry,
  EntryNotFound,
  entriesAtOnceMax,
  IntoItself,
  NameTaken,
  type OnConflict,
  type Outcome,
  TooMany,
} from "../contract.ts";
import type { Copy } from "./copy-job.ts";
import type { Files } from "../files/files.ts";
import * as treeStore from "./tree-store.ts";
import * as store from "../store.ts";
import { shown, type Tree } from "./tree.ts";

interface CopiesParts extends Pick<Host<store.Tables>, "nextId" | "now"> {
  readonly db: Db<store.Tables>;
  readonly jobs: Jobs;
  readonly tree: Tree;
  readonly files: Files;
  readonly uploads: Client<typeof upload>;
  /** A call on behalf of the same user. */
  readonly within: (asked: Call) => Call;
}

/** Copies of files and folders, none of which moves a byte. */
export function copiesOf({ db, nextId, now, jobs, tree, files, uploads, within }: CopiesParts) {
  /** A stored file as another one in a folder; under its own name where none is given. */
  async function bring(
    of: { readonly fileId: Id; readonly name?: string },
    folderId: Id | undefined,
    conflict: "rename" | "replace",
    asked: Call,
  ): Promise<Entry> {
    const to = { purpose: "drive" as const, conflict, ...(folderId !== undefined && { folderId }) };
    const file = await uploads.copy({ ...of, ...to }, within(asked));
    return shown(await db.tx((tx) => files.place(tx, file)));
  }

  async function copyFile(
    row: store.Row,
    fileId: Id,
    folderId: Id | undefined,
    conflict: OnConflict,
    asked: Call,
  ): Promise<Entry> {
    if (conflict === "rename" || conflict === "replace")
      return bring({ fileId, name: row.name }, folderId, conflict, asked);
    // Looked at before, for a copy that is made counts; one that comes in between makes this one another name.
    const there = await store.byName(db, callerOf(asked), folderId ?? store.rootId, row.nameKey);
    if (there && conflict === "fail") throw NameTaken({});
    return there ? shown(row) : bring({ fileId, name: row.name }, folderId, "rename", asked);
  }

  /** Makes the folder; what is to be in it follows. */
  async function copyFolder(
    row: store.Row,
    folderId: Id | undefined,
    conflict: OnConflict,
    userId: Id,
  ): Promise<Partial<Outcome>> {
    return db.tx(async (tx) => {
      const drive = await tree.lock(tx, userId);
      const parentId = await tree.folder(tx, userId, folderId);
      const inside = parentId === store.rootId ? new Set() : await treeStore.within(tx, userId, [parentId], row.id);
      if (inside.size > 0) throw IntoItself({});
      const size = await treeStore.extent(tx, userId, row);
      if (size.entries > entriesAtOnceMax) throw TooMany({ entriesMax: entriesAtOnceMax });
      tree.checkRoom(drive, size.entries);
      await tree.checkDepth(tx, { userId, parentId }, size.levels);
      const kept = new Set((await treeStore.ancestry(tx, userId, row.id)).map(({ id }) => id));
      const name = await tree.nameIn(tx, { userId, parentId }, { name: row.name, isFolder: true, kept }, conflict);
      if (name === undefined) return { entry: shown(row) };
      const target = await tree.insertFolder(tx, { userId, parentId }, name);
      if (size.entries === 1) return { entry: shown(target) };
      const copyId = nextId();
      const payload: Copy = { copyId, userId, sourceId: row.id, targetId: target.id };
      const total = size.entries;
      await store.insertCopy(tx, { id: copyId, user_id: userId, status: "queued", total, created_at_ms: now() });
      await jobs.add(tx, "copy", { payload });
      return { entry: shown(target), taskId: copyId };
    });
  }

  return {
    bring,

    async copy(id: Id, folderId: Id | undefined, conflict: OnConflict, asked: Call): Promise<Partial<Outcome>> {
      const { userId = 0 } = asked;
      const row = await store.liveById(db, userId, id);
      if (!row) throw EntryNotFound({});
      if (row.fileId === null) return copyFolder(row, folderId, conflict, userId);
      return { entry: await copyFile(row, row.fileId, folderId, conflict, asked) };
    },
  };
}
