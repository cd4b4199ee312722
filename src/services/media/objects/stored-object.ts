import type { BlobStore, StoredBlob } from "#kernel";

/** Stores bytes that this service made itself. The orphan sweeper removes them unless a row refers to them. */
export async function storeObject(blob: BlobStore, bytes: Uint8Array): Promise<StoredBlob> {
  const writer = await blob.create("media");
  try {
    await writer.write(bytes);
    return await writer.commit();
  } finally {
    await writer.abort();
  }
}
