import type { Id } from "#kernel";
import type { Learner } from "../learner/learner.ts";
import { neighboursOf } from "../learner/neighbours.ts";
import type { ServedModel } from "../model/served-model.ts";
import type { VideoPool } from "../pool/video-pool.ts";
import { recencyOf, type Signal, utilityOf } from "../signals/signal.ts";
import { interestSums } from "../viewers/interests.ts";
import type { RemovedInterest } from "../viewers/viewer-store.ts";

/** A viewer's taste, derived from signals. Scores below 0 are dislikes. */
export interface Taste {
  /** Videos that go with those that were liked; the best has 1. */
  readonly similar: ReadonlyMap<Id, number>;
  /** By key of the tag, 1 for the best. */
  readonly tags: ReadonlyMap<string, number>;
  readonly authors: ReadonlyMap<Id, number>;
  readonly lengths: ReadonlyMap<string, number>;
}

interface TasteParts {
  readonly pool: VideoPool;
  readonly learner: Learner;
  readonly model: ServedModel | undefined;
  readonly removed: readonly RemovedInterest[];
  readonly nowMs: number;
}

/** Signals whose neighbours are looked at. */
const similarSignals = 50;

/** The taste that these signals show, the last one first. Pure. */
export function tasteOf(signals: readonly Signal[], parts: TasteParts): Taste {
  const tags = new Map<string, number>();
  const authors = new Map<Id, number>();
  const lengths = new Map<string, number>();
  for (const { kind, key, sum } of interestSums(signals, parts).values())
    if (kind === "tag") tags.set(key, sum);
    else if (kind === "author") authors.set(Number(key), sum);
    else lengths.set(key, sum);
  return {
    similar: scaleToOne(similarTo(signals, parts)),
    tags: scaleToOne(tags),
    authors: scaleToOne(authors),
    lengths: scaleToOne(lengths),
  };
}

function similarTo(signals: readonly Signal[], parts: TasteParts): Map<Id, number> {
  const scores = new Map<Id, number>();
  for (const signal of signals.slice(0, similarSignals)) {
    const weight = utilityOf(signal) * recencyOf(parts.nowMs - signal.changedAtMs);
    for (const [videoId, score] of neighboursOf(signal.videoId, parts)) raise(scores, videoId, weight * score);
  }
  return scores;
}

const raise = <K>(scores: Map<K, number>, key: K, by: number): void =>
  void scores.set(key, (scores.get(key) ?? 0) + by);

/** The same with 1 for the highest. A single weak signal makes no strong taste. */
function scaleToOne<K>(scores: ReadonlyMap<K, number>): Map<K, number> {
  const highest = Math.max(0.3, ...scores.values());
  return new Map([...scores].map(([key, score]) => [key, score / highest]));
}
