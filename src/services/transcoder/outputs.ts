import type { z } from "zod";
import type { BlobStore } from "#kernel";
import type { Disk } from "#kernel/disk";
import { indexTrack, type TrackIndex } from "#media/mp4/indexer";
import type { Track } from "#services/media/contract";

/** Where results go. */
export interface Shelf {
  readonly blob: BlobStore;
  readonly disk: Disk;
}
export interface KeptTrack {
  readonly track: z.output<typeof Track>;
  readonly index: TrackIndex;
}

/** Moves a finished fragmented MP4 into the store, with the index players' manifests are made of. */
export async function keepTrack({ blob, disk }: Shelf, path: string): Promise<KeptTrack> {
  const file = await disk.open(path, "r");
  try {
    const { size } = await file.stat();
    const read = async (offset: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    const index = await indexTrack(read, size);
    // The open file stays readable while its name moves.
    const [stored, storedIndex] = await Promise.all([
      blob.adopt("media", path),
      keepBytes(blob, Buffer.from(JSON.stringify(index))),
    ]);
    return {
      index,
      track: { kind: index.kind, key: stored.key, sizeBytes: stored.sizeBytes, indexKey: storedIndex.key },
    };
  } finally {
    await file.close();
  }
}

export async function keepBytes(blob: BlobStore, bytes: Uint8Array): Promise<{ key: string; sizeBytes: number }> {
  const writer = await blob.create("media");
  try {
    await writer.write(bytes);
    const { key, sizeBytes } = await writer.commit();
    return { key, sizeBytes };
  } finally {
    await writer.abort();
  }
}
