const slotMs = 1_000;
const slotsKept = 10;
const callsMin = 20;
const failedRatio = 0.5;
const openMs = 2_000;

/** How many calls ended within one second. */
interface Slot {
  readonly at: number;
  fine: number;
  failed: number;
}

/**
 * Stops asking a service that hardly ever answers: after half of at least twenty calls of ten seconds failed, nothing is
 * asked for two seconds; then one call tries, and its outcome decides (reliability F14).
 */
export class Breaker {
  readonly #now: () => number;
  /** The last seconds in which calls ended, the latest last. */
  #slots: Slot[] = [];
  #openUntil = 0;
  #isTrying = false;

  /** @param now milliseconds of a clock that never jumps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a call may go out. A caller that was admitted reports the outcome with {@link note} or {@link drop}. */
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
      if (isFine) this.#slots = [];
      return;
    }
    const at = Math.floor(now / slotMs);
    let slot = this.#slots.at(-1);
    if (slot?.at !== at) {
      slot = { at, fine: 0, failed: 0 };
      this.#slots = [...this.#slots.filter((one) => one.at > at - slotsKept), slot];
    }
    if (isFine) slot.fine += 1;
    else {
      slot.failed += 1;
      if (this.#isTooBad()) this.#openUntil = now + openMs;
    }
  }

  #isTooBad(): boolean {
    const failed = this.#slots.reduce((sum, slot) => sum + slot.failed, 0);
    const all = this.#slots.reduce((sum, slot) => sum + slot.fine, failed);
    return all >= callsMin && failed / all >= failedRatio;
  }

  /** The call ended without saying anything about the service: its caller went away. */
  drop(): void {
    this.#isTrying = false;
  }
}
