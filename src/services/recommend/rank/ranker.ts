import type { Id } from "#kernel";
import type { PoolVideo } from "../pool/pool-video.ts";
import { isCompleted, isSkip, type Signal } from "../signals/signal.ts";
import { type Features, Ftrl, type FtrlSettings, placeOf } from "./ftrl.ts";
import { logit, Rates } from "./rates.ts";

/** The actions that a viewer may take on a video; each has a model of its own. */
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
export const labelNames = Object.keys(labels) as Label[]; // The keys above.

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
  readonly #models = new Map<Label, Ftrl>(labelNames.map((name) => [name, new Ftrl(settings)]));
  readonly #rates = new Rates<number>();
  readonly #ofVideos = new WeakMap<PoolVideo, VideoHashes>();
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
    for (const key of this.#rateKeys(userId, video)) this.#rates.add(key, isHit);
    this.#examples++;
  }

  /** The sum of what each label is worth, by its probability. */
  utility(userId: Id, video: PoolVideo, worth: Utility): number {
    const features = this.#features(userId, video);
    let sum = 0;
    for (const [name, model] of this.#models) sum += worth[name] * model.predict(features);
    return sum;
  }

  /** The features of a video: its own, those crossed with the user, and the completion rates of similar videos. */
  #features(userId: Id, video: PoolVideo): Features {
    const { uncrossed, crossed } = this.#hashesOf(video);
    const user = hashOf("user", userId);
    const places = [user % settings.places];
    const values = [1];
    for (const hash of uncrossed) {
      places.push(hash % settings.places);
      values.push(1);
    }
    for (const hash of crossed) {
      places.push(mixHashes(user, hash) % settings.places);
      values.push(1);
    }
    for (const [n, key] of this.#rateKeys(userId, video).entries()) {
      places.push(mixHashes(rateHash, n) % settings.places);
      values.push(logit(this.#rates.of(key, usualRate, rateWeight)));
    }
    return { places, values };
  }

  /** The keys that completion rates are counted by; each kind has its place in the order. */
  #rateKeys(userId: Id, video: PoolVideo): number[] {
    const { rated } = this.#hashesOf(video);
    const user = hashOf("user", userId);
    const [videoHash, author, tag] = rated;
    return [user, videoHash, author, mixHashes(user, author), tag, mixHashes(user, tag)];
  }

  #hashesOf(video: PoolVideo): VideoHashes {
    const cached = this.#ofVideos.get(video);
    if (cached) return cached;
    const { videoId, userId: authorId, tags, durationMs, categoryId } = video;
    const [author, length, category] = [
      hashOf("author", authorId),
      hashOf("length", Math.round(Math.log2(1 + durationMs / 1_000))),
      hashOf("category", categoryId ?? 0),
    ];
    const videoHash = hashOf("video", videoId);
    const tagHashes = tags.slice(0, tagsMax).map((tag) => hashOf("tag", tag));
    const crossed = [author, length, category, ...tagHashes];
    const hashes: VideoHashes = {
      uncrossed: [hashOf("all", 0), videoHash, ...crossed],
      crossed,
      rated: [videoHash, author, tagHashes[0] ?? hashOf("tag", "")],
    };
    this.#ofVideos.set(video, hashes);
    return hashes;
  }
}

/** Hashes of what a video is of, which stay while the video does. */
interface VideoHashes {
  readonly uncrossed: readonly number[];
  /** Features that are learned for each user separately. */
  readonly crossed: readonly number[];
  readonly rated: readonly [video: number, author: number, tag: number];
}

const hashes = 2 ** 31;
const hashOf = (kind: string, value: number | string): number => placeOf(`${kind} ${value}`, hashes);
const mixHashes = (hash: number, otherHash: number): number =>
  (Math.imul(hash ^ (otherHash >>> 7), 0x9e3779b1) ^ otherHash) >>> 1;
const rateHash = hashOf("rate", 0);
