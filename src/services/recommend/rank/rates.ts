/** How often something was so, by key, as far as it is known by now: few cases say little beside what is usual. */
export class Rates<K = string> {
  readonly #seen = new Map<K, { cases: number; hits: number }>();

  /** Between 0 and 1. @param usual the rate without a case @param weight how many cases that is worth */
  of(key: K, usual: number, weight: number): number {
    const { cases, hits } = this.#seen.get(key) ?? none;
    return (hits + usual * weight) / (cases + weight);
  }

  cases(key: K): number {
    return (this.#seen.get(key) ?? none).cases;
  }

  add(key: K, isHit: boolean): void {
    const seen = this.#seen.get(key) ?? { cases: 0, hits: 0 };
    seen.cases++;
    if (isHit) seen.hits++;
    this.#seen.set(key, seen);
  }
}
const none = { cases: 0, hits: 0 } as const;

/** A rate as a number without bounds, in which steps near 0 and 1 are as large as in the middle. */
export const logit = (rate: number): number => Math.log(rate / (1 - rate));
