/** Features of an example: places of a model and their values, most of them 1. A place may be there more than once. */
export interface Features {
  readonly places: readonly number[];
  readonly values: readonly number[];
}

export interface FtrlSettings {
  /** Weights of the model: features are hashed into this many. */
  readonly places: number;
  /** How fast weights change at first; each slows down with its own examples. */
  readonly alpha: number;
  readonly beta: number;
  /** The evidence that a feature needs for a weight, and the pull of weights towards 0. */
  readonly l1: number;
  readonly l2: number;
}

/**
 * Logistic regression that learns from one example after the other: FTRL-Proximal (McMahan et al., *Ad Click Prediction: a
 * View from the Trenches*, KDD 2013, algorithm 1).
 */
export class Ftrl {
  readonly #settings: FtrlSettings;
  /** The z, n and resulting weight of each place, side by side, because learning is bound by memory access. */
  readonly #places: Float32Array;

  constructor(settings: FtrlSettings) {
    this.#settings = settings;
    this.#places = new Float32Array(settings.places * stride);
  }

  /** The probability of the label, between 0 and 1. */
  predict({ places, values }: Features): number {
    let sum = 0;
    for (let at = 0; at < places.length; at++)
      sum += (this.#places[(places[at] ?? 0) * stride + weightAt] ?? 0) * (values[at] ?? 0);
    return sigmoid(sum);
  }

  /** Learns whether an example had the label, and yields what was predicted before. */
  learn(features: Features, isTrue: boolean): number {
    const { places, values } = features;
    const { alpha, beta, l1, l2 } = this.#settings;
    const predicted = this.predict(features);
    const error = predicted - (isTrue ? 1 : 0);
    for (let at = 0; at < places.length; at++) {
      const from = (places[at] ?? 0) * stride;
      const gradient = error * (values[at] ?? 0);
      const squares = (this.#places[from + squaresAt] ?? 0) + gradient * gradient;
      const root = Math.sqrt(squares);
      const sigma = (root - Math.sqrt(this.#places[from + squaresAt] ?? 0)) / alpha;
      const z = (this.#places[from] ?? 0) + gradient - sigma * (this.#places[from + weightAt] ?? 0);
      this.#places[from] = z;
      this.#places[from + squaresAt] = squares;
      this.#places[from + weightAt] = Math.abs(z) <= l1 ? 0 : -(z - Math.sign(z) * l1) / ((beta + root) / alpha + l2);
    }
    return predicted;
  }
}

/** Numbers of a place: z first, then these, and one that is not used, for a quarter of a cache line. */
const stride = 4;
const squaresAt = 1;
const weightAt = 2;

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-Math.max(-35, Math.min(35, value))));

/** The place of a named feature (FNV-1a). */
export function placeOf(name: string, places: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % places;
}
