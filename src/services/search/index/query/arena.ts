/**
 * Arrays for the length of one search. Searches run one after the other, so that all of them share this memory: arrays of a
 * hundred thousand documents for each concept would keep the garbage collector busy.
 */
class Arena {
  #ints = new Int32Array(65_536);
  #floats = new Float64Array(65_536);
  #bytes = new Uint8Array(65_536);
  #used = { ints: 0, floats: 0, bytes: 0 };

  /** Arrays that were taken before must not be read any longer. */
  reset(): void {
    this.#used = { ints: 0, floats: 0, bytes: 0 };
  }

  /** Its contents are arbitrary, as for the others. */
  ints(length: number): Int32Array {
    if (this.#used.ints + length > this.#ints.length) {
      this.#ints = new Int32Array(Math.max(2 * this.#ints.length, length));
      this.#used.ints = 0;
    }
    this.#used.ints += length;
    return this.#ints.subarray(this.#used.ints - length, this.#used.ints);
  }

  floats(length: number): Float64Array {
    if (this.#used.floats + length > this.#floats.length) {
      this.#floats = new Float64Array(Math.max(2 * this.#floats.length, length));
      this.#used.floats = 0;
    }
    this.#used.floats += length;
    return this.#floats.subarray(this.#used.floats - length, this.#used.floats);
  }

  bytes(length: number): Uint8Array {
    if (this.#used.bytes + length > this.#bytes.length) {
      this.#bytes = new Uint8Array(Math.max(2 * this.#bytes.length, length));
      this.#used.bytes = 0;
    }
    this.#used.bytes += length;
    return this.#bytes.subarray(this.#used.bytes - length, this.#used.bytes);
  }
}

export const arena = new Arena();
