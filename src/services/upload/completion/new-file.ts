import { fileUploaded } from "#events/upload";
import type { StoredBlob, Tx } from "#kernel";
import { readable } from "#kernel/blob/damaged";
import { type StoredFile, UploadInterrupted } from "../contract.ts";
import * as contentStore from "./content-store.ts";
import type { UploadHost } from "../settings.ts";
import * as store from "../store.ts";

export interface NewFile
  extends Pick<StoredFile, "userId" | "name" | "purpose" | "folderId" | "conflict" | "mime" | "kind"> {
  readonly stored: StoredBlob;
}
export type MakeFile = (tx: Tx<store.Tables>, file: NewFile) => Promise<StoredFile>;

/** Makes a file of stored content, in the transaction of the caller, which has locked the user's space. */
export const createFileMaker =
  (host: UploadHost): MakeFile =>
  async (tx: Tx<store.Tables>, { stored, ...of }: NewFile): Promise<StoredFile> => {
    const { blob, emit, nextId, now, jobs, settings } = host;
    const { key, sha256, sizeBytes, md5, sha1 } = stored;
    await contentStore.lockKey(tx, key);
    const object = await readable(blob, key);
    // The last other file with these bytes was removed meanwhile, or they were found to be damaged: the client has to send
    // them again.
    if (object?.sizeBytes !== sizeBytes) throw UploadInterrupted({});
    const id = nextId();
    const digests = { ...(md5 !== undefined && { md5 }), ...(sha1 !== undefined && { sha1 }) };
    const { userId, name, mime, kind, purpose, folderId, conflict } = of;
    const file = await store.addFile(
      tx,
      {
        id,
        user_id: userId,
        key,
        sha256,
        size_bytes: sizeBytes,
        name,
        mime,
        kind,
        purpose,
        folder_id: folderId,
        conflict,
        created_at_ms: now(),
      },
      digests,
    );
    await emit(tx, fileUploaded, id, {
      fileId: id,
      userId,
      hash: sha256,
      sizeBytes,
      kind,
      mime,
      location: key,
      name,
      purpose,
      folderId,
      conflict,
    });
    if (md5 === undefined || sha1 === undefined)
      await jobs.add(tx, "digest", {
        payload: { key },
        uniqueKey: key,
        priority: -10,
        delayMs: settings.digestAfterMs,
      });
    return file;
  };
