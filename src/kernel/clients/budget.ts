/**
 * A budget that refills (token bucket): `burst` units at first and at most, `perSecond` more each second. Pure; times are
 * milliseconds of one monotonic clock.
 */
export class Budget {
  readonly #burst: number;
  readonly #perSecond: number;
  #units: number;
  #refilledMs: number;

  constructor({ burst, perSecond }: { readonly burst: number; readonly perSecond: number }, nowMs: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#units = burst;
    this.#refilledMs = nowMs;
  }

  /** Spends units, also more than there are. Returns how long it takes until none are owed: 0 within the budget. */
  spend(units: number, nowMs: number): number {
    this.#refill(nowMs);
    this.#units -= units;
    return this.#units >= 0 ? 0 : (-this.#units / this.#perSecond) * 1_000;
  }

  /** Spends as many of these units as there are, and returns how many. */
  spendAvailable(units: number, nowMs: number): number {
    this.#refill(nowMs);
    const spent = Math.min(units, Math.floor(this.#units));
    this.#units -= spent;
    return spent;
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#refilledMs);
    this.#units = Math.min(this.#burst, this.#units + (elapsedMs / 1_000) * this.#perSecond);
    this.#refilledMs = nowMs;
  }
}
