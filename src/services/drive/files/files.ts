import { fileReleased } from "#events/drive";
import { type Emit, type Id, KinoraError, type Tx } from "#kernel";
import { fileNameOf } from "#policy/file-name";
import { EntryNotFound, type KeptFile, type OnConflict } from "../contract.ts";
import type { EntryEvents } from "../tree/entry-events.ts";
import { nameColumns, nameKey } from "../tree/names.ts";
import * as contentStore from "./content-store.ts";
import * as trashStore from "../tree/trash-store.ts";
import * as store from "../store.ts";
import type { Tree } from "../tree/tree.ts";

type Change = Tx<store.Tables>;

/** A file of the upload service on its way into a user's tree. */
export interface ArrivingFile {
  readonly id: Id;
  readonly userId: Id;
  readonly key: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly name: string;
  readonly mime: string;
  readonly kind: "video" | "audio" | "image" | "other";
  readonly folderId: Id | null;
  readonly conflict: "rename" | "replace" | "skip";
}

export const presentKeptFile = (row: store.Row): KeptFile => {
  const { id, fileId, name, sizeBytes, mime, sha256, md5, sha1, uploadedAtMs, changedAtMs } = row;
  return { id, fileId: fileId ?? 0, name, sizeBytes, mime, sha256: sha256 ?? "", md5, sha1, uploadedAtMs, changedAtMs };
};

/** The row of a file that arrived. Pure. */
const fileRow = (
  { userId, id: file_id, key, sha256, sizeBytes, mime, kind }: ArrivingFile,
  {
    id,
    parentId,
    name,
    atMs,
  }: { readonly id: Id; readonly parentId: Id; readonly name: string; readonly atMs: number },
): store.NewRow => ({
  ...nameColumns(userId, name),
  id,
  user_id: userId,
  parent_id: parentId,
  rank: store.fileRank,
  file_id,
  key,
  sha256,
  size_bytes: sizeBytes,
  mime,
  kind,
  created_at_ms: atMs,
  changed_at_ms: atMs,
  uploaded_at_ms: atMs,
});

interface FilesParts {
  readonly tree: Tree;
  readonly nextId: () => Id;
  readonly now: () => number;
  readonly emit: Emit;
  readonly events: EntryEvents;
}

/** Files of a tree: each is placed once, however often its arrival is reported. */
export interface Files {
  /** The entry of this file, inserted where it is missing. @throws EntryNotFound where it was deleted permanently */
  readonly place: (tx: Change, file: ArrivingFile) => Promise<store.Row>;
  readonly publishReleased: (tx: Change, userId: Id, fileIds: readonly Id[]) => Promise<void>;
  readonly rename: (tx: Change, row: store.Row, userId: Id, name: string, isUpload: boolean) => Promise<store.Row>;
  /** Keeps one entry for each content: an existing one gets the name, and the file that arrived is released. */
  readonly keep: (tx: Change, file: ArrivingFile, wantedName: string) => Promise<store.Row>;
}

export function createFiles({ tree, nextId, now, emit, events }: FilesParts): Files {
  async function place(tx: Change, file: ArrivingFile): Promise<store.Row> {
    const { userId } = file;
    const drive = await tree.lock(tx, userId);
    const existing = await store.byFile(tx, userId, file.id);
    if (existing?.isPurged || (!existing && (await trashStore.isReleased(tx, file.id)))) throw EntryNotFound({});
    if (existing) return existing;
    tree.checkRoom(drive, 1);
    const parentId = await tree.folder(tx, userId, file.folderId ?? undefined).catch((error: unknown) => {
      // The folder of the upload may be in the trash by now; the file is placed nevertheless.
      if (error instanceof KinoraError && error.kind === "not_found") return store.rootId;
      throw error;
    });
    const name = fileNameOf(file.name);
    const freeName = await tree.nameIn(tx, { userId, parentId }, { name, isFolder: false }, file.conflict);
    const row = fileRow(file, { id: nextId(), parentId, name: freeName ?? name, atMs: now() });
    // A file that is to be skipped goes where its owner can still find it.
    const inserted = await store.insert(
      tx,
      freeName === undefined ? { ...row, trash_id: row.id, trashed_at_ms: row.created_at_ms } : row,
    );
    await events.changed(tx, userId, [inserted]);
    return inserted;
  }

  async function publishReleased(tx: Change, userId: Id, fileIds: readonly Id[]): Promise<void> {
    for (const fileId of fileIds) await emit(tx, fileReleased, fileId, { fileId, userId });
  }

  async function rename(tx: Change, row: store.Row, userId: Id, name: string, isUpload: boolean): Promise<store.Row> {
    const { id, parentId } = row;
    const conflict: OnConflict = nameKey(name) === row.nameKey ? "fail" : "rename";
    const freeName = (await tree.nameIn(tx, { userId, parentId }, { name, isFolder: false, id }, conflict)) ?? name;
    const atMs = now();
    return tree.update(tx, userId, id, {
      ...nameColumns(userId, freeName),
      changed_at_ms: atMs,
      ...(isUpload && { uploaded_at_ms: atMs }),
    });
  }

  return {
    place,
    publishReleased,
    rename,

    async keep(tx: Change, file: ArrivingFile, wantedName: string): Promise<store.Row> {
      const { userId } = file;
      const name = fileNameOf(wantedName);
      await tree.lock(tx, userId);
      const arrivedRow = await store.byFile(tx, userId, file.id);
      // A file that came later by another entry point is a file of its own: a repeated request removes nothing.
      const [other] = (await contentStore.ofContent(tx, userId, file.sha256)).filter(
        (row) => row.fileId !== file.id && (!arrivedRow || row.id < arrivedRow.id),
      );
      if (!other) {
        const row = arrivedRow ?? (await place(tx, { ...file, name, folderId: null, conflict: "rename" }));
        if (row.isPurged) throw EntryNotFound({});
        return row.trashId === null ? rename(tx, row, userId, name, true) : row;
      }
      if (arrivedRow) {
        await trashStore.deleteFile(tx, userId, arrivedRow.id);
        await events.deleted(tx, userId, [arrivedRow]);
      }
      if (arrivedRow || !(await trashStore.isReleased(tx, file.id))) {
        await trashStore.insertReleased(tx, [file.id], now());
        await publishReleased(tx, userId, [file.id]);
      }
      return rename(tx, other, userId, name, true);
    },
  };
}
