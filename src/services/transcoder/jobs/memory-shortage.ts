/** A media process that was ended for want of memory is tried again after this long, four times as long each further time. */
const growth = 4;
const waitMsMax = 15 * 60_000;

/**
 * The system kills media processes when memory is short. A kill proves nothing about the file, so the job waits.
 * Attempts run singly until memory has sufficed for a while.
 */
export class MemoryShortage {
  readonly #firstMs: number;
  readonly #monotonic: () => number;
  #running = 0;
  #waitMs: number;
  #shortUntil = Number.NEGATIVE_INFINITY;

  /** @param firstMs how long a job waits after the first kill */
  constructor(firstMs: number, monotonic: () => number = () => performance.now()) {
    this.#firstMs = firstMs;
    this.#waitMs = firstMs;
    this.#monotonic = monotonic;
  }

  /** True if an attempt has to wait for the one that runs. */
  get isBusy(): boolean {
    return this.#running > 0 && this.#monotonic() < this.#shortUntil;
  }

  /** Runs an attempt; one that ends by itself shows that memory suffices again. */
  async during<T>(attempt: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      const result = await attempt();
      this.#waitMs = this.#firstMs;
      return result;
    } finally {
      this.#running -= 1;
    }
  }

  /** Records that an attempt was ended from outside; yields how long its job is to wait. */
  recordKill(): number {
    const waitMs = this.#waitMs;
    this.#waitMs = Math.min(waitMs * growth, Math.max(this.#firstMs, waitMsMax));
    this.#shortUntil = this.#monotonic() + 2 * waitMs;
    return waitMs;
  }
}
