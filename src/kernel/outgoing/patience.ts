/** How long one request may take as a whole, and how long any step of it may make no progress. */
export class Patience {
  readonly #stallMs: number;
  readonly #over = new AbortController();
  readonly #total: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;

  constructor({ totalMs, stallMs, signal }: { totalMs: number; stallMs: number; signal?: AbortSignal | undefined }) {
    this.#stallMs = stallMs;
    this.#total = setTimeout(() => this.#over.abort(new Error("it took too long")), totalMs).unref();
    this.#signal = signal;
    if (signal?.aborted === true) this.#stop();
    else signal?.addEventListener("abort", this.#stop, { once: true });
  }

  /** Aborts when the time is over, a step made no progress, or the caller left. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Settles with `step`; fails when it stalls or the whole is over, and then aborts the whole. */
  async with<T>(step: Promise<T>): Promise<T> {
    const { signal } = this;
    let late: NodeJS.Timeout | undefined;
    let stop: (() => void) | undefined;
    const over = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      late = setTimeout(() => this.#over.abort(new Error("no progress")), this.#stallMs);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
    try {
      return await Promise.race([step, over]);
    } finally {
      clearTimeout(late);
      if (stop) signal.removeEventListener("abort", stop);
      step.catch(() => undefined); // Its later failure concerns no caller.
    }
  }

  /** Nothing is waited for any more. */
  end(): void {
    clearTimeout(this.#total);
    this.#signal?.removeEventListener("abort", this.#stop);
    if (!this.#over.signal.aborted) this.#over.abort(new Error("it is over"));
  }

  readonly #stop = (): void => this.#over.abort(this.#signal?.reason);
}
