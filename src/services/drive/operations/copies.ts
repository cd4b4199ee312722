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
import * as treeStore from "../tree/tree-store.ts";
import * as store from "../store.ts";
import { presentEntry } from "../tree/presenter.ts";
import type { Tree } from "../tree/tree.ts";

interface CopiesParts extends Pick<Host<store.Tables>, "nextId" | "now"> {
  readonly db: Db<store.Tables>;
  readonly jobs: Jobs;
  readonly tree: Tree;
  readonly files: Files;
  readonly uploads: Client<typeof upload>;
  /** A call on behalf of the same user. */
  readonly userCall: (call: Call) => Call;
}

/** Copies of files and folders, none of which moves a byte. */
export interface Copies {
  /** Copies a stored file into a folder, under its own name where no other is named. */
  readonly copyStoredFile: (
    source: { readonly fileId: Id; readonly name?: string },
    folderId: Id | undefined,
    conflict: "rename" | "replace",
    call: Call,
  ) => Promise<Entry>;
  readonly copy: (id: Id, folderId: Id | undefined, conflict: OnConflict, call: Call) => Promise<Partial<Outcome>>;
}

export function createCopies({ db, nextId, now, jobs, tree, files, uploads, userCall }: CopiesParts): Copies {
  async function copyStoredFile(
    source: { readonly fileId: Id; readonly name?: string },
    folderId: Id | undefined,
    conflict: "rename" | "replace",
    call: Call,
  ): Promise<Entry> {
    const target = { purpose: "drive" as const, conflict, ...(folderId !== undefined && { folderId }) };
    const file = await uploads.copy({ ...source, ...target }, userCall(call));
    return presentEntry(await db.tx((tx) => files.place(tx, file)));
  }

  async function copyFile(
    row: store.Row,
    fileId: Id,
    folderId: Id | undefined,
    conflict: OnConflict,
    call: Call,
  ): Promise<Entry> {
    if (conflict === "rename" || conflict === "replace")
      return copyStoredFile({ fileId, name: row.name }, folderId, conflict, call);
    // Checked before the copy, which counts against the quota; where a race takes the name, the copy gets another.
    const existing = await store.byName(db, callerOf(call), folderId ?? store.rootId, row.nameKey);
    if (existing && conflict === "fail") throw NameTaken({});
    return existing ? presentEntry(row) : copyStoredFile({ fileId, name: row.name }, folderId, "rename", call);
  }

  /** Inserts the folder; a job copies its entries. */
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
      const protectedIds = new Set((await treeStore.ancestry(tx, userId, row.id)).map(({ id }) => id));
      const name = await tree.nameIn(
        tx,
        { userId, parentId },
        { name: row.name, isFolder: true, protectedIds },
        conflict,
      );
      if (name === undefined) return { entry: presentEntry(row) };
      const target = await tree.insertFolder(tx, { userId, parentId }, name);
      if (size.entries === 1) return { entry: presentEntry(target) };
      const copyId = nextId();
      const payload: Copy = { copyId, userId, sourceId: row.id, targetId: target.id };
      const total = size.entries;
      await store.insertCopy(tx, { id: copyId, user_id: userId, status: "queued", total, created_at_ms: now() });
      await jobs.add(tx, "copy", { payload });
      return { entry: presentEntry(target), taskId: copyId };
    });
  }

  return {
    copyStoredFile,

    async copy(id: Id, folderId: Id | undefined, conflict: OnConflict, call: Call): Promise<Partial<Outcome>> {
      const { userId = 0 } = call;
      const row = await store.liveById(db, userId, id);
      if (!row) throw EntryNotFound({});
      if (row.fileId === null) return copyFolder(row, folderId, conflict, userId);
      return { entry: await copyFile(row, row.fileId, folderId, conflict, call) };
    },
  };
}
