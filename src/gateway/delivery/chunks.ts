/** What one download has in memory at a time. */
export const chunkBytes = 512 * 1_024;

/**
 * Memory for what is read and sent once, used again and again: memory the system gives anew for each chunk costs more than
 * reading it. Between downloads at most `bytesMax` are kept; who asks when there is none is given new memory.
 */
export class Chunks {
  readonly #idle: Buffer[] = [];
  readonly #bytesMax: number;

  constructor(bytesMax = 16 * 2 ** 20) {
    this.#bytesMax = bytesMax;
  }

  get idleBytes(): number {
    return this.#idle.length * chunkBytes;
  }

  /** To be given back once, when nobody reads it any more; what is never given back is only not used again. */
  take(): Buffer {
    // The one used last is the likeliest to be in the processor's own memory.
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
  }

  giveBack(chunk: Buffer): void {
    if (this.idleBytes + chunkBytes <= this.#bytesMax) this.#idle.push(chunk);
  }
}
