/** Monotonic time, which tests replace. */
export interface Clock {
  /** Milliseconds since a fixed point. */
  elapsedMs(): number;
  /** Settles after `ms` milliseconds, or fails when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Limits a rate of bytes: any time span has at most what the rate allows, and the size of one read. */
export class Pace {
  readonly #bytesPerSecond: number | undefined;
  readonly #clock: Clock;
  #freeAtMs = Number.NEGATIVE_INFINITY;

  /** @param bytesPerSecond undefined for no limit. */
  constructor(bytesPerSecond: number | undefined, clock: Clock) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
  }

  /** Settles when these bytes may pass. */
  async take(sizeBytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#bytesPerSecond === undefined) return;
    const nowMs = this.#clock.elapsedMs();
    const atMs = Math.max(nowMs, this.#freeAtMs);
    this.#freeAtMs = atMs + (sizeBytes * 1_000) / this.#bytesPerSecond;
    if (atMs > nowMs) await this.#clock.wait(atMs - nowMs, signal);
  }
}
