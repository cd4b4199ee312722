import { createHash } from "node:crypto";
import type { BlobStore } from "#kernel";
import { unlessDamaged } from "#kernel/blob/damaged";

const chunkBytes = 2 ** 20;

/** The MD5 and SHA-1 of an object in one pass, for clients that know content by them; undefined where it is gone or damaged. */
export async function digestsOf(
  blob: BlobStore,
  key: string,
  signal: AbortSignal,
): Promise<{ md5: string; sha1: string } | undefined> {
  const object = await blob.open(key).catch(unlessDamaged);
  if (!object) return undefined;
  try {
    const [md5, sha1] = [createHash("md5"), createHash("sha1")];
    for (let at = 0; at < object.sizeBytes; at += chunkBytes) {
      signal.throwIfAborted();
      const bytes = await object.read(at, chunkBytes);
      md5.update(bytes);
      sha1.update(bytes);
    }
    return { md5: md5.digest("hex"), sha1: sha1.digest("hex") };
  } finally {
    await object.close();
  }
}
