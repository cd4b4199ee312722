/** Collects bytes up to a bound; takes at most about twice the memory of its content. */
export class Block {
  readonly #bytesMax: number;
  #buffer = Buffer.alloc(0);
  #sizeBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isFull(): boolean {
    return this.#sizeBytes === this.#bytesMax;
  }

  /** Takes as much as there is room for; yields the rest. */
  add(bytes: Uint8Array): Uint8Array {
    const fitting = Math.min(bytes.byteLength, this.#bytesMax - this.#sizeBytes);
    const sizeBytes = this.#sizeBytes + fitting;
    if (sizeBytes > this.#buffer.byteLength) {
      const buffer = Buffer.allocUnsafe(Math.min(this.#bytesMax, Math.max(sizeBytes, this.#buffer.byteLength * 2)));
      this.#buffer.copy(buffer, 0, 0, this.#sizeBytes);
      this.#buffer = buffer;
    }
    this.#buffer.set(bytes.subarray(0, fitting), this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
    return bytes.subarray(fitting);
  }

  /** Takes its content; it is empty after that. */
  take(): Buffer {
    const content = this.#buffer.subarray(0, this.#sizeBytes);
    this.#buffer = Buffer.alloc(0);
    this.#sizeBytes = 0;
    return content;
  }
}
