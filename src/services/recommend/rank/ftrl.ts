/** Features of an example: places of a model and their values, most of them 1. A place may be there more than once. */
export interface Features {
  readonly places: readonly number[];
  readonly values: readonly number[];
}

export interface FtrlSettings {
  /** Places of the model: features are hashed into so many. */
  readonly places: number;
  /** How fast weights change at first; each slows down with its own examples. */
  readonly alpha: number;
  readonly beta: number;
  /** What a feature must explain before it has a weight, and how strongly weights are pulled to 0. */
  readonly l1: number;
  readonly l2: number;
}

/**
 * Logistic regression that learns from one example after the other: FTRL-Proximal (McMahan et al., *Ad Click Prediction: a
 * View from the Trenches*, KDD 2013, algorithm 1).
 */
export class Ftrl {
  readonly #settings: FtrlSettings;
  readonly #z: Float64Array;
  readonly #n: Float64Array;
  /** The weights that follow from the two: a prediction is asked for far more often than something is learned. */
  readonly #weights: Float64Array;

  constructor(settings: FtrlSettings) {
    this.#settings = settings;
    this.#z = new Float64Array(settings.places);
    this.#n = new Float64Array(settings.places);
    this.#weights = new Float64Array(settings.places);
  }

  /** The probability of the label, between 0 and 1. */
  predict({ places, values }: Features): number {
    let sum = 0;
    for (let at = 0; at < places.length; at++) sum += (this.#weights[places[at] ?? 0] ?? 0) * (values[at] ?? 0);
    return sigmoid(sum);
  }

  /** Learns whether an example had the label, and yields what was predicted before. */
  learn(features: Features, isTrue: boolean): number {
    const { places, values } = features;
    const predicted = this.predict(features);
    const error = predicted - (isTrue ? 1 : 0);
    const weights = places.map((place) => this.#weights[place] ?? 0);
    for (const [at, place] of places.entries()) {
      const gradient = error * (values[at] ?? 0);
      const [n, z] = [this.#n[place] ?? 0, this.#z[place] ?? 0];
      const squares = n + gradient * gradient;
      const sigma = (Math.sqrt(squares) - Math.sqrt(n)) / this.#settings.alpha;
      this.#z[place] = z + gradient - sigma * (weights[at] ?? 0);
      this.#n[place] = squares;
    }
    for (const place of places) this.#weights[place] = this.#weight(place);
    return predicted;
  }

  #weight(place: number): number {
    const { alpha, beta, l1, l2 } = this.#settings;
    const z = this.#z[place] ?? 0;
    if (Math.abs(z) <= l1) return 0;
    return -(z - Math.sign(z) * l1) / ((beta + Math.sqrt(this.#n[place] ?? 0)) / alpha + l2);
  }
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-Math.max(-35, Math.min(35, value))));

/** The place of a named feature (FNV-1a). */
export function placeOf(name: string, places: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % places;
}
