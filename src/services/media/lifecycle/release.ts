import type { BlobStore, Handlers, Host, Id, Tx } from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import type { media } from "../contract.ts";
import * as store from "../store.ts";
import { findUnused } from "../transcoding/level-store.ts";
import * as outputStore from "../transcoding/output-store.ts";
import * as objectStore from "../objects/object-store.ts";
import * as releaseStore from "../objects/release-store.ts";

/** An object that was stored this recently may be one that a record is about to refer to. */
const recentMs = 10 * 60_000;

/**
 * Releases objects of deleted media and replaced renditions before the end of their grace time. Objects that were
 * stored recently keep their reference and grace time. So do objects that may be made again for another media object
 * with the same source.
 */
export const createMediaRelease = ({
  db,
  blob,
  now,
}: Pick<Host<store.Tables>, "db" | "blob" | "now">): Pick<Handlers<typeof media>, "release"> => ({
  async release({ after, limit }) {
    const { mediaIds, next } = await releaseStore.releasable(db, after, limit);
    let objects = 0;
    let sizeBytes = 0;
    for (const mediaId of mediaIds) {
      const removed = await db.tx((tx) => releaseObjects(tx, blob, mediaId, now() - recentMs));
      objects += removed.length;
      sizeBytes += removed.reduce((sum, bytes) => sum + bytes, 0);
    }
    return { objects, sizeBytes, next };
  },
});

/**
 * Removes the references of a media object to objects that it no longer needs; yields the sizes of the removed objects.
 */
async function releaseObjects(
  tx: Tx<store.Tables>,
  blob: BlobStore,
  mediaId: Id,
  writtenBeforeMs: number,
): Promise<number[]> {
  const isLive = (await store.lock(tx, mediaId)) !== undefined;
  if (isLive) await outputStore.forgetDropped(tx, mediaId);
  const keys = await (isLive ? findUnused(tx, mediaId) : objectStore.keysOfHidden(tx, mediaId));
  const removed: number[] = [];
  for (const key of keys) {
    await objectStore.lockKey(tx, key);
    await objectStore.unrefer(tx, mediaId, key);
    if ((await objectStore.findReferenced(tx, [key])).has(key)) continue;
    const sizeBytes = await removeOld(blob, key, writtenBeforeMs);
    if (sizeBytes === undefined) await objectStore.refer(tx, mediaId, [key]);
    else if (sizeBytes > 0) removed.push(sizeBytes);
  }
  return removed;
}
