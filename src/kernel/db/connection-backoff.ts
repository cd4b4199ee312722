const firstMs = 50;
const lastMs = 1_000;

/**
 * Decides if a pool may open a connection now. After a failure, one attempt at a time does so, less and less often. All
 * others fail with the same error immediately: requests that wait would only fail later, and pile up.
 */
export class ConnectionBackoff {
  readonly #monotonic: () => number;
  #failures = 0;
  #retryAtMs = 0;
  #lastError: Error | undefined;

  constructor(monotonic = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** The failure of the last attempt where no other is due; undefined admits one, whose end is to be reported. */
  refusal(): Error | undefined {
    if (this.#lastError === undefined) return undefined;
    if (this.#monotonic() < this.#retryAtMs) return this.#lastError;
    this.#retryAtMs = Number.POSITIVE_INFINITY;
    return undefined;
  }

  recordSuccess(): void {
    this.#failures = 0;
    this.#lastError = undefined;
  }

  recordFailure(error: Error): void {
    this.#lastError = error;
    this.#retryAtMs = this.#monotonic() + Math.min(lastMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
  }
}
