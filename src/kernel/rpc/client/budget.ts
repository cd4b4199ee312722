const savedMax = 20;
const perCall = 0.1;

/** How many repetitions are allowed: a tenth of the calls, and a few saved ones, so that retries never become the load. */
export class RetryBudget {
  #saved = savedMax;

  /** A call was answered. */
  earn(): void {
    this.#saved = Math.min(this.#saved + perCall, savedMax);
  }

  /** Takes one repetition, where one is left. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
