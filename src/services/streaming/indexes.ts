import type { BlobStore } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import type { TrackIndex } from "#media/mp4/indexer";

interface Entry {
  readonly index: TrackIndex;
  readonly bytes: number;
}

/** Indexes of tracks as they were stored, the ones used last in memory: at most `bytesMax` of their text. */
export class Indexes {
  readonly #blob: BlobStore;
  readonly #bytesMax: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(blob: BlobStore, bytesMax: number) {
    this.#blob = blob;
    this.#bytesMax = bytesMax;
  }

  /** Undefined where the object was deleted. */
  async of(key: string): Promise<TrackIndex | undefined> {
    const trackIndex = this.#entries.get(key) ?? (await this.#read(key));
    if (!trackIndex) return undefined;
    if (this.#entries.delete(key)) this.#bytes -= trackIndex.bytes;
    this.#entries.set(key, trackIndex);
    this.#bytes += trackIndex.bytes;
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#entries.delete(oldest);
      this.#bytes -= bytes;
    }
    return trackIndex.index;
  }

  async #read(key: string): Promise<Entry | undefined> {
    const text = await bytesOf(this.#blob, key);
    if (!text) return undefined;
    // The transcoder wrote it, under the hash of this very text.
    return { index: JSON.parse(text.toString()) as TrackIndex, bytes: text.byteLength };
  }
}
