import type { BlobStore, StoredBlob } from "#kernel";

/** Keeps bytes that this service made itself. Nobody refers to them yet: the sweeper takes what stays so. */
export async function storedObject(blob: BlobStore, bytes: Uint8Array): Promise<StoredBlob> {
  const writer = await blob.create("media");
  try {
    await writer.write(bytes);
    return await writer.commit();
  } finally {
    await writer.abort();
  }
}
