/** Bytes that grow, with numbers of seven bits a byte, the lowest first (LEB128). */
export class ByteWriter {
  #bytes = new Uint8Array(1_024);
  length = 0;

  /** @param value a whole number from 0 up to, not including, 2^32 */
  add(value: number): void {
    if (this.length + 5 > this.#bytes.length) this.#grow(5);
    let remaining = value;
    while (remaining > 0x7f) {
      this.#bytes[this.length++] = (remaining & 0x7f) | 0x80;
      remaining >>>= 7;
    }
    this.#bytes[this.length++] = remaining;
  }

  copy(bytes: Uint8Array, from: number, to: number): void {
    if (this.length + to - from > this.#bytes.length) this.#grow(to - from);
    for (let at = from; at < to; at++) this.#bytes[this.length++] = bytes[at] ?? 0;
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  #grow(by: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + by));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
