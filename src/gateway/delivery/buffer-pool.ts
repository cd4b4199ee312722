/** The memory that one download uses at a time. */
export const bufferBytes = 512 * 1_024;

/**
 * Reused memory for bytes that are read and sent once: newly allocated memory for each chunk costs more than reading it.
 * Between downloads at most `bytesMax` are pooled; an empty pool allocates.
 */
export class BufferPool {
  readonly #idle: Buffer[] = [];
  readonly #bytesMax: number;

  constructor(bytesMax = 16 * 2 ** 20) {
    this.#bytesMax = bytesMax;
  }

  get idleBytes(): number {
    return this.#idle.length * bufferBytes;
  }

  /** To be released once, when nobody reads it. A buffer that is never released is garbage collected. */
  take(): Buffer {
    // The most recently used one is the likeliest to be in the processor's cache.
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
  }

  release(buffer: Buffer): void {
    if (this.idleBytes + bufferBytes <= this.#bytesMax) this.#idle.push(buffer);
  }
}
