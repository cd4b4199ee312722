import type { SegmentArrays } from "./arrays.ts";
import { fieldNames } from "../document.ts";
import { PostingsReader } from "./postings.ts";

export const fieldCount = fieldNames.length;

/** Documents that are searched together. They never change; they can be deleted. */
export class Segment {
  readonly arrays: SegmentArrays;
  /** One byte for each document: 1 for a deleted one. */
  readonly deleted: Uint8Array;
  #liveCount: number;
  /** Values derived from the terms, each computed on its first use. */
  readonly memo = new Map<string, unknown>();

  constructor(arrays: SegmentArrays, deleted: Uint8Array = new Uint8Array(arrays.ids.length)) {
    this.arrays = arrays;
    this.deleted = deleted;
    this.#liveCount = deleted.reduce((count, isDeleted) => count - isDeleted, deleted.length);
  }

  get size(): number {
    return this.deleted.length;
  }
  get liveCount(): number {
    return this.#liveCount;
  }

  /** The place of a document, deleted or not; -1 where it is absent. */
  find(kind: number, id: number): number {
    const [from, to] = this.kindRange(kind);
    const { ids } = this.arrays;
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ids[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low < to && ids[low] === id ? low : -1;
  }

  /** The documents of a kind: from the first up to, not including, the second. */
  kindRange(kind: number): readonly [from: number, to: number] {
    return [this.#firstOfKind(kind), this.#firstOfKind(kind + 1)];
  }

  isLive(document: number): boolean {
    return this.deleted[document] === 0;
  }

  delete(document: number): void {
    if (!this.isLive(document)) return;
    this.deleted[document] = 1;
    this.#liveCount--;
  }

  /** Live documents of these kinds with a term, 0 for -1. Postings keep deleted documents: these are counted out. */
  liveFrequency(term: number, kinds?: readonly number[]): number {
    if (term < 0) return 0;
    if (!kinds && this.#liveCount === this.size) return this.arrays.documentFrequencies[term] ?? 0;
    let count = 0;
    const reader = new PostingsReader(this.arrays, term);
    while (reader.next()) {
      const { document } = reader;
      if (this.isLive(document) && (!kinds || kinds.includes(this.arrays.kinds[document] ?? 0))) count++;
    }
    return count;
  }

  /** Bytes of its arrays. */
  get byteLength(): number {
    const { dictionary, columns, ...arrays } = this.arrays;
    const all = [...Object.values(arrays), ...columns.values(), dictionary.units, dictionary.starts, this.deleted];
    return all.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  #firstOfKind(kind: number): number {
    const { kinds } = this.arrays;
    let [low, high] = [0, kinds.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((kinds[middle] ?? 0) < kind) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
