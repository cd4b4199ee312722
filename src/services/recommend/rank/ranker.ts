import type { Id } from "#kernel";
import type { PoolVideo } from "../pool/video-pool.ts";
import { isCompleted, isSkip, type Signal } from "../signals/signal.ts";
import { type Features, Ftrl, type FtrlSettings, placeOf } from "./ftrl.ts";
import { logit, Rates } from "./rates.ts";

/** What a viewer may do with a video; each has a model of its own. */
export const labels = {
  completed: isCompleted,
  liked: (signal: Signal) => signal.isLiked,
  commented: (signal: Signal) => signal.isCommented,
  shared: (signal: Signal) => signal.isShared,
  favorited: (signal: Signal) => signal.isFavorited,
  followed: (signal: Signal) => signal.isFollowed,
  skipped: isSkip,
  refused: (signal: Signal) => signal.isRefused,
} as const;
export type Label = keyof typeof labels;
const names = Object.keys(labels) as Label[]; // The keys above.

/** How much each label is worth in a feed. */
export type Utility = Readonly<Record<Label, number>>;
export const usualUtility: Utility = {
  completed: 1,
  liked: 1.5,
  commented: 1,
  shared: 2,
  favorited: 1.5,
  followed: 2,
  skipped: -1,
  refused: -3,
};

const settings: FtrlSettings = { places: 2 ** 18, alpha: 0.1, beta: 1, l1: 0.5, l2: 1 };
/** Tags of a video that are features. */
const tagsMax = 5;
/** How many cases the rates of a key are mixed with what is usual. */
const rateWeight = 10;
const usualRate = 0.5;

/** Predicts what a viewer will do with a video, and learns it from each signal. */
export class Ranker {
  readonly #models = new Map<Label, Ftrl>(names.map((name) => [name, new Ftrl(settings)]));
  readonly #rates = new Rates();
  #examples = 0;

  /** Signals it has learned from. */
  get examples(): number {
    return this.#examples;
  }

  learn(signal: Signal, video: PoolVideo): void {
    const { userId } = signal;
    const features = this.#features(userId, video);
    for (const [name, model] of this.#models) model.learn(features, labels[name](signal));
    const isHit = isCompleted(signal);
    for (const key of rateKeys(userId, video)) this.#rates.add(key, isHit);
    this.#examples++;
  }

  /** The sum of what each label is worth, by its probability. */
  utility(userId: Id, video: PoolVideo, worth: Utility = usualUtility): number {
    const features = this.#features(userId, video);
    let sum = 0;
    for (const [name, model] of this.#models) sum += worth[name] * model.predict(features);
    return sum;
  }

  #features(userId: Id, video: PoolVideo): Features {
    const keys = rateKeys(userId, video);
    const names = featureNames(userId, video);
    const rates = keys.map((key) => logit(this.#rates.of(key, usualRate, rateWeight)));
    return {
      places: [...names.map(placeOfName), ...keys.map((_, n) => placeOfRate(n))],
      values: [...names.map(() => 1), ...rates],
    };
  }
}

function featureNames(userId: Id, { videoId, userId: authorId, tags, durationMs, categoryId }: PoolVideo): string[] {
  const length = Math.round(Math.log2(1 + durationMs / 1_000));
  return [
    "all",
    `u${userId}`,
    `v${videoId}`,
    `a${authorId}`,
    `u${userId}a${authorId}`,
    `l${length}`,
    `u${userId}l${length}`,
    `c${categoryId}`,
    `u${userId}c${categoryId}`,
    ...tags.slice(0, tagsMax).flatMap((tag) => [`t${tag}`, `u${userId}t${tag}`]),
  ];
}
/** What rates are counted by; each kind has its place in the order. */
function rateKeys(userId: Id, { videoId, userId: authorId, tags }: PoolVideo): string[] {
  const [tag = ""] = tags;
  return [`u${userId}`, `v${videoId}`, `a${authorId}`, `u${userId}a${authorId}`, `t${tag}`, `u${userId}t${tag}`];
}

const placeOfName = (name: string): number => placeOf(name, settings.places);
const placeOfRate = (n: number): number => placeOfName(`rate${n}`);
