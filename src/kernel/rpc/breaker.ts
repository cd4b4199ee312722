const windowMs = 10_000;
const callsMin = 20;
const failedRatio = 0.5;
const openMs = 2_000;

/**
 * Stops asking a service that hardly ever answers: after half of at least twenty calls of ten seconds failed, nothing is
 * asked for two seconds; then one call tries, and its outcome decides (reliability F14).
 */
export class Breaker {
  readonly #now: () => number;
  #outcomes: { readonly at: number; readonly isFine: boolean }[] = [];
  #openUntil = 0;
  #isTrying = false;

  /** @param now milliseconds of a clock that never jumps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a call may go out. Whoever got leave tells how it went with {@link note} or {@link drop}. */
  admits(): boolean {
    if (this.#openUntil === 0) return true;
    if (this.#now() < this.#openUntil || this.#isTrying) return false;
    this.#isTrying = true;
    return true;
  }

  note(isFine: boolean): void {
    const now = this.#now();
    if (this.#openUntil > 0) {
      // Calls that began before it opened say nothing about now; only the one that tries does.
      if (!this.#isTrying) return;
      this.#isTrying = false;
      this.#openUntil = isFine ? 0 : now + openMs;
      if (isFine) this.#outcomes = [];
      return;
    }
    this.#outcomes.push({ at: now, isFine });
    while ((this.#outcomes[0]?.at ?? now) < now - windowMs || this.#outcomes.length > 1_000) this.#outcomes.shift();
    const failed = this.#outcomes.filter((outcome) => !outcome.isFine).length;
    if (this.#outcomes.length >= callsMin && failed / this.#outcomes.length >= failedRatio)
      this.#openUntil = now + openMs;
  }

  /** The call ended without saying anything about the service: its caller went away. */
  drop(): void {
    this.#isTrying = false;
  }
}
