import type { Track } from "#events/transcoder";
import type { z } from "zod";
import type { BlobStore } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import type { Disk } from "#kernel/environment/disk";
import { indexTrack, type TrackIndex } from "#media/mp4/indexer";
import { lengthMsOf } from "../plan/length.ts";

/** The part of a blob store that work on a job needs. */
export type WorkStore = Pick<BlobStore, "open" | "local" | "scratch" | "create" | "adopt">;

/** The destination of results. */
export interface Shelf {
  readonly blob: WorkStore;
  /** The index that manifests are made from; each finished fragmented MP4 is read once. */
  indexOf(path: string): Promise<TrackIndex>;
}
export interface KeptTrack {
  readonly track: z.output<typeof Track>;
  readonly index: TrackIndex;
}

export function createShelf(blob: WorkStore, disk: Disk): Shelf {
  const indexes = new Map<string, Promise<TrackIndex>>();
  return {
    blob,
    indexOf(path) {
      const index = indexes.get(path) ?? readIndex(disk, path);
      indexes.set(path, index);
      return index;
    },
  };
}

async function readIndex(disk: Disk, path: string): Promise<TrackIndex> {
  const file = await disk.open(path, "r");
  try {
    const { size } = await file.stat();
    const read = async (offset: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    return await indexTrack(read, size);
  } finally {
    await file.close();
  }
}

/** Moves a finished fragmented MP4 into the store, and its index beside it. */
export async function keepTrack(shelf: Shelf, path: string): Promise<KeptTrack> {
  const { blob } = shelf;
  const index = await shelf.indexOf(path);
  const [stored, storedIndex] = await Promise.all([
    blob.adopt("media", path),
    keepBytes(blob, Buffer.from(JSON.stringify(index))),
  ]);
  return {
    index,
    track: { kind: index.kind, key: stored.key, sizeBytes: stored.sizeBytes, indexKey: storedIndex.key },
  };
}

/** The duration of a stored track; undefined where its index was deleted. */
export async function lengthMsOfStored(blob: WorkStore, indexKey: string): Promise<number | undefined> {
  const bytes = await bytesOf(blob, indexKey);
  // `keepTrack` wrote it.
  return bytes && lengthMsOf(JSON.parse(bytes.toString()) as TrackIndex);
}

export async function keepBytes(blob: WorkStore, bytes: Uint8Array): Promise<{ key: string; sizeBytes: number }> {
  const writer = await blob.create("media");
  try {
    await writer.write(bytes);
    const { key, sizeBytes } = await writer.commit();
    return { key, sizeBytes };
  } finally {
    await writer.abort();
  }
}
