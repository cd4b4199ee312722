import type { BlobStore } from "./port.ts";

/**
 * The first `lengthMax` bytes of an object, or all of it; undefined where there is none. For objects that fit in memory.
 * @throws ObjectDamaged
 */
export async function bytesOf(
  blob: Pick<BlobStore, "open">,
  key: string,
  lengthMax = Number.POSITIVE_INFINITY,
): Promise<Buffer | undefined> {
  const object = await blob.open(key);
  if (!object) return undefined;
  try {
    return await object.read(0, Math.min(object.sizeBytes, lengthMax));
  } finally {
    await object.close();
  }
}
