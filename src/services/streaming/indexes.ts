import type { BlobStore } from "#kernel";
import { failMissing } from "#kernel/blob/damaged";
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

  /** @throws ObjectDamaged */
  async of(key: string): Promise<TrackIndex> {
    const trackIndex = this.#entries.get(key) ?? (await this.#read(key));
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

  async #read(key: string): Promise<Entry> {
    const text = (await bytesOf(this.#blob, key)) ?? failMissing(this.#blob, key);
    // The transcoder wrote it, under the hash of this very text.
    return { index: JSON.parse(text.toString()) as TrackIndex, bytes: text.byteLength };
  }
}
