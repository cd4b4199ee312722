import { type Emit, type Id, KinoraError, type Tx } from "#kernel";
import { EntryNotFound, fileReleased, type KeptFile, type OnConflict } from "../contract.ts";
import { anyNameOf, nameKey } from "../tree/names.ts";
import * as contentStore from "./content-store.ts";
import * as trashStore from "../trash/trash-store.ts";
import * as store from "../store.ts";
import { named, type Tree } from "../tree/tree.ts";

type Change = Tx<store.Tables>;

/** A file of the upload service on its way into somebody's tree. */
export interface Arrived {
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

export const kept = (row: store.Row): KeptFile => {
  const { id, fileId, name, sizeBytes, mime, sha256, md5, sha1, uploadedAtMs, changedAtMs } = row;
  return { id, fileId: fileId ?? 0, name, sizeBytes, mime, sha256: sha256 ?? "", md5, sha1, uploadedAtMs, changedAtMs };
};

interface FilesParts {
  readonly tree: Tree;
  readonly nextId: () => Id;
  readonly now: () => number;
  readonly emit: Emit;
}

/** How files come into a tree: each once, however often and by whom it is told. */
export function filesOf({ tree, nextId, now, emit }: FilesParts) {
  /** The entry of this file, made where there is none. @throws EntryNotFound for one that was deleted for good */
  async function place(tx: Change, file: Arrived): Promise<store.Row> {
    const { userId } = file;
    const drive = await tree.lock(tx, userId);
    const known = await store.byFile(tx, userId, file.id);
    if (known?.isPurged || (!known && (await trashStore.isReleased(tx, file.id)))) throw EntryNotFound({});
    if (known) return known;
    tree.checkRoom(drive, 1);
    const parentId = await tree.folder(tx, userId, file.folderId ?? undefined).catch((error: unknown) => {
      // What was a folder when the upload began may be in the trash by now; the file is wanted nevertheless.
      if (error instanceof KinoraError && error.kind === "not_found") return store.rootId;
      throw error;
    });
    const name = anyNameOf(file.name);
    const given = await tree.nameIn(tx, { userId, parentId }, { name, isFolder: false }, file.conflict);
    const id = nextId();
    const atMs = now();
    return store.insert(tx, {
      ...named(userId, given ?? name),
      id,
      user_id: userId,
      parent_id: parentId,
      rank: store.fileRank,
      file_id: file.id,
      key: file.key,
      sha256: file.sha256,
      size_bytes: file.sizeBytes,
      mime: file.mime,
      kind: file.kind,
      created_at_ms: atMs,
      changed_at_ms: atMs,
      uploaded_at_ms: atMs,
      // To be skipped is to go where the owner can still find it.
      ...(given === undefined && { trash_id: id, trashed_at_ms: atMs }),
    });
  }

  async function letGo(tx: Change, userId: Id, fileIds: readonly Id[]): Promise<void> {
    for (const fileId of fileIds) await emit(tx, fileReleased, fileId, { fileId, userId });
  }

  async function renamed(tx: Change, row: store.Row, userId: Id, name: string, isUpload: boolean): Promise<store.Row> {
    const { id, parentId } = row;
    const conflict: OnConflict = nameKey(name) === row.nameKey ? "fail" : "rename";
    const given = (await tree.nameIn(tx, { userId, parentId }, { name, isFolder: false, id }, conflict)) ?? name;
    const atMs = now();
    return store.settle(tx, userId, id, {
      ...named(userId, given),
      changed_at_ms: atMs,
      ...(isUpload && { uploaded_at_ms: atMs }),
    });
  }

  return {
    place,
    letGo,
    renamed,

    /** One entry for one content: the one that is there gets the name, and the file that came is let go of. */
    async keep(tx: Change, file: Arrived, given: string): Promise<store.Row> {
      const { userId } = file;
      const name = anyNameOf(given);
      await tree.lock(tx, userId);
      const own = await store.byFile(tx, userId, file.id);
      // What came after this file, by another door, is a file of its own: a request that is sent again takes nothing away.
      const [other] = (await contentStore.ofContent(tx, userId, file.sha256)).filter(
        (row) => row.fileId !== file.id && (!own || row.id < own.id),
      );
      if (!other) {
        const row = own ?? (await place(tx, { ...file, name, folderId: null, conflict: "rename" }));
        if (row.isPurged) throw EntryNotFound({});
        return row.trashId === null ? renamed(tx, row, userId, name, true) : row;
      }
      if (own) await trashStore.drop(tx, userId, own.id);
      if (own || !(await trashStore.isReleased(tx, file.id))) {
        await trashStore.release(tx, [file.id], now());
        await letGo(tx, userId, [file.id]);
      }
      return renamed(tx, other, userId, name, true);
    },
  };
}
export type Files = ReturnType<typeof filesOf>;
