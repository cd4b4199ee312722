import type { SegmentArrays } from "./arrays.ts";

/*
 * The postings of a term: for each document the distance from the one before (the first from -1), then for each field
 * with the term one number, `(frequency - 1) · 32 + field · 2 + isFollowed`. The positions are in bytes of their own, which
 * only phrases read: for each document and field as many distances as the frequency says.
 */

/** Reads the postings of a term one document after the other. */
export class PostingsReader {
  readonly #bytes: Uint8Array;
  readonly #positions: Uint8Array;
  #at: number;
  readonly #end: number;
  #positionAt: number;
  /** Positions of earlier documents that were not read. */
  #unread = 0;
  document = -1;
  /** Fields and frequencies of the document; the first `count` are of it. */
  readonly fields = new Uint8Array(16);
  readonly frequencies = new Uint32Array(16);
  count = 0;
  /** The offsets of this document's fields and positions. */
  fieldsFrom = 0;

  constructor(arrays: SegmentArrays, term: number) {
    this.#bytes = arrays.postings;
    this.#positions = arrays.positions;
    this.#at = arrays.postingStarts[term] ?? 0;
    this.#end = arrays.postingStarts[term + 1] ?? 0;
    this.#positionAt = arrays.positionStarts[term] ?? 0;
  }

  /** The end of the bytes of this document. */
  get fieldsTo(): number {
    return this.#at;
  }

  /** True if there is another document. */
  next(): boolean {
    for (let n = 0; n < this.count; n++) this.#unread += this.frequencies[n] ?? 0;
    this.count = 0;
    if (this.#at >= this.#end) return false;
    this.document += this.#number();
    this.fieldsFrom = this.#at;
    for (let isFollowed = true; isFollowed; ) {
      const value = this.#number();
      this.fields[this.count] = (value >>> 1) & 15;
      this.frequencies[this.count++] = (value >>> 5) + 1;
      isFollowed = (value & 1) === 1;
    }
    return true;
  }

  /** The positions of this document as `field · 2^20 + position`; to be read once. */
  readPositions(): number[] {
    this.#skip();
    const places: number[] = [];
    for (let n = 0; n < this.count; n++) {
      let position = 0;
      for (let remaining = this.frequencies[n] ?? 0; remaining > 0; remaining--) {
        position += this.#position();
        places.push((this.fields[n] ?? 0) * positionsMax + position);
      }
    }
    this.count = 0;
    return places;
  }

  /** Goes behind the positions of this document; yields where their bytes end. */
  passPositions(): number {
    for (let n = 0; n < this.count; n++) this.#unread += this.frequencies[n] ?? 0;
    this.count = 0;
    this.#skip();
    return this.#positionAt;
  }

  #skip(): void {
    while (this.#unread > 0) if (((this.#positions[this.#positionAt++] ?? 0) & 0x80) === 0) this.#unread--;
  }

  #number(): number {
    let byte = this.#bytes[this.#at++] ?? 0;
    let value = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
    }
    return value;
  }

  #position(): number {
    let byte = this.#positions[this.#positionAt++] ?? 0;
    let value = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = this.#positions[this.#positionAt++] ?? 0;
      value |= (byte & 0x7f) << shift;
    }
    return value;
  }
}

/** Positions are below this, as a text has fewer units. */
export const positionsMax = 2 ** 20;
