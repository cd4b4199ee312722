import type { BlobStore } from "#kernel";
import { failMissing } from "#kernel/blob/damaged";
import { bytesOf } from "#kernel/blob/object-bytes";
import type { Cue } from "#media/captions/cue";
import { parseCaptions } from "#media/captions/parse";
import type { TrackIndex } from "#media/mp4/indexer";

interface Entry<T> {
  readonly value: T;
  readonly bytes: number;
}

/** Stored texts as they were parsed, the ones used last in memory: at most `bytesMax` of their text. */
export class StoredTexts<T> {
  readonly #blob: BlobStore;
  readonly #bytesMax: number;
  readonly #parse: (text: string) => T;
  readonly #entries = new Map<string, Entry<T>>();
  #bytes = 0;

  constructor(blob: BlobStore, bytesMax: number, parse: (text: string) => T) {
    this.#blob = blob;
    this.#bytesMax = bytesMax;
    this.#parse = parse;
  }

  /** @throws ObjectDamaged */
  async of(key: string): Promise<T> {
    const entry = this.#entries.get(key) ?? (await this.#read(key));
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#entries.delete(oldest);
      this.#bytes -= bytes;
    }
    return entry.value;
  }

  async #read(key: string): Promise<Entry<T>> {
    const text = (await bytesOf(this.#blob, key)) ?? failMissing(this.#blob, key);
    return { value: this.#parse(text.toString()), bytes: text.byteLength };
  }
}

const indexBytesMax = 32 * 2 ** 20;
const captionBytesMax = 8 * 2 ** 20;

/** Indexes of tracks. The transcoder wrote them, under the hash of this very text. */
export type Indexes = StoredTexts<TrackIndex>;
export const createStoredIndexes = (blob: BlobStore): Indexes =>
  new StoredTexts(blob, indexBytesMax, (text) => JSON.parse(text) as TrackIndex);

export type StoredCaptions = StoredTexts<readonly Cue[]>;
export const createStoredCaptions = (blob: BlobStore): StoredCaptions =>
  new StoredTexts(blob, captionBytesMax, (text) => parseCaptions(text).cues);
