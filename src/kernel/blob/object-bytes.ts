import { createHash } from "node:crypto";
import { ObjectDamaged } from "../errors.ts";
import type { BlobStore } from "./port.ts";

/**
 * The first `lengthMax` bytes of an object, or all of it; undefined where there is none. For objects that fit in memory.
 * @throws ObjectDamaged where all of it was read and is not what was stored
 */
export async function bytesOf(
  blob: BlobStore,
  key: string,
  lengthMax = Number.POSITIVE_INFINITY,
): Promise<Buffer | undefined> {
  const object = await blob.open(key);
  if (!object) return undefined;
  try {
    const bytes = await object.read(0, Math.min(object.sizeBytes, lengthMax));
    if (bytes.byteLength === object.sizeBytes) assertSame(key, bytes);
    return bytes;
  } finally {
    await object.close();
  }
}

/** @throws ObjectDamaged where these are not the bytes that were stored under this key */
export function assertSame(key: string, bytes: Uint8Array): void {
  if (createHash("sha256").update(bytes).digest("hex") !== key.split("/")[1]) throw ObjectDamaged({});
}
