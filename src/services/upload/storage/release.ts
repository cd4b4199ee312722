import { fileDeleted } from "#events/upload";
import type { Handlers, Id, Tx } from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import { type upload } from "../contract.ts";
import * as contentStore from "../completion/content-store.ts";
import type { UploadHost } from "../settings.ts";
import * as store from "../store.ts";

/** Deletes a hidden file, and its content unless another file has the same; yields the bytes that were removed. */
export async function purgeFile(
  { blob, emit, environment }: Pick<UploadHost, "blob" | "emit" | "environment">,
  tx: Tx<store.Tables>,
  fileId: Id,
  writtenBeforeMs: number,
): Promise<number> {
  const file = await store.hiddenFile(tx, fileId);
  if (!file) return 0;
  const { key, sha256 } = file;
  await contentStore.lockKey(tx, key);
  await store.forget(tx, fileId);
  let removedBytes = 0;
  // Before the commit: if this fails or the process dies, the row is still there and the job comes again.
  if (!(await contentStore.findReferenced(tx, [key])).has(key)) {
    await contentStore.forgetContent(tx, key);
    removedBytes = (await removeOld(blob, key, writtenBeforeMs)) ?? 0;
  }
  await environment.failpoints.hit("purge.bytes_removed");
  await emit(tx, fileDeleted, fileId, { fileId, hash: sha256 });
  return removedBytes;
}

/**
 * Deleted files before the end of their grace time. Content of any age goes: an upload that is completed with the same
 * content looks for it under the same lock, and stores it again.
 */
export const createFileRelease = (host: UploadHost): Pick<Handlers<typeof upload>, "release"> => ({
  async release({ after, limit }) {
    const fileIds = await store.hiddenAfter(host.db, after, limit);
    let objects = 0;
    let sizeBytes = 0;
    for (const fileId of fileIds) {
      const removedBytes = await host.db.tx((tx) => purgeFile(host, tx, fileId, Number.POSITIVE_INFINITY));
      if (removedBytes > 0) objects += 1;
      sizeBytes += removedBytes;
    }
    return { objects, sizeBytes, next: fileIds.length < limit ? null : (fileIds.at(-1) ?? null) };
  },
});
