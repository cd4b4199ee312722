import type { Id } from "#kernel";

/** A place of a page as it was served, seen by another order. */
export interface Observation {
  readonly userId: Id;
  /** How much more often the order has this video in this place than the feed had it; 0 where it has another. */
  readonly weight: number;
  readonly utility: number;
}

/** The estimated value of an order. */
export interface Estimate {
  readonly places: number;
  readonly users: number;
  /** The mean utility of a place; NaN where nothing has a weight. */
  readonly value: number;
  /** Nineteen in twenty resamples of the users lie between these. */
  readonly low: number;
  readonly high: number;
  /** As many places of equal weight say as much (Kish, *Survey Sampling*, 1965). */
  readonly effectivePlaces: number;
  /** Places whose weight was cut to {@link weightMax}. */
  readonly clippedPlaces: number;
}

/** A weight beyond it would make the whole estimate that of one place. */
export const weightMax = 100;
const resamples = 1_000;
/** With less than this an estimate is left out: chance alone would make it. */
const effectivePlacesMin = 100;
const usersMin = 10;

/** True if the log has enough data for this estimate. Pure. */
export const isEnough = ({ effectivePlaces, users }: Estimate): boolean =>
  effectivePlaces >= effectivePlacesMin && users >= usersMin;

interface Sums {
  places: number;
  weight: number;
  squares: number;
  utility: number;
}

/**
 * Estimates the worth of one order from places that another one filled: the mean of the utilities by their weights
 * (self-normalised inverse propensity scoring: Swaminathan and Joachims, NIPS 2015).
 */
export class Estimator {
  readonly #ofUsers = new Map<Id, Sums>();
  #clipped = 0;

  add({ userId, weight, utility }: Observation): void {
    const sums = this.#ofUsers.get(userId) ?? { places: 0, weight: 0, squares: 0, utility: 0 };
    this.#ofUsers.set(userId, sums);
    const used = Math.min(weight, weightMax);
    if (used < weight) this.#clipped++;
    sums.places++;
    sums.weight += used;
    sums.squares += used ** 2;
    sums.utility += used * utility;
  }

  /** @param random numbers from 0 to 1 without it */
  estimate(random: () => number): Estimate {
    const all = [...this.#ofUsers.values()];
    const total = (of: (sums: Sums) => number) => all.reduce((sum, sums) => sum + of(sums), 0);
    const [weight, squares] = [total((sums) => sums.weight), total((sums) => sums.squares)];
    return {
      places: total(({ places }) => places),
      users: all.length,
      value: total(({ utility }) => utility) / weight,
      ...intervalOf(all, random),
      effectivePlaces: squares === 0 ? 0 : weight ** 2 / squares,
      clippedPlaces: this.#clipped,
    };
  }
}

/** Users are drawn, not places: what one user does at several places is alike (bootstrap by clusters). */
function intervalOf(users: readonly Sums[], random: () => number): Pick<Estimate, "low" | "high"> {
  const values: number[] = [];
  for (let n = 0; n < resamples; n++) {
    let [weight, utility] = [0, 0];
    for (let drawn = 0; drawn < users.length; drawn++) {
      const user = users[Math.floor(random() * users.length)];
      weight += user?.weight ?? 0;
      utility += user?.utility ?? 0;
    }
    if (weight > 0) values.push(utility / weight);
  }
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
