import type { Id } from "#kernel";
import type { Trial } from "../recall/accuracy.ts";
import { tasteMin, utilityOf } from "../signals/signal.ts";
import type { Signal } from "../signals/signal.ts";

/** The last of what each user liked is the test. */
const testShare = 0.1;
const likedMin = 5;

/** Histories in the order of time, cut where the test begins; videos are numbered by their ids. */
export interface Split extends Trial {
  readonly before: readonly (readonly number[])[];
  readonly videoIds: readonly Id[];
  /** The signals that {@link before} comes from, in the order of time. */
  readonly past: readonly Signal[];
}

/**
 * The last tenth of the videos that each user liked, for users with five at least, who have one then; the others only have a past.
 * Pure.
 */
export function splitOf(ofUsers: Iterable<readonly Signal[]>): Split {
  const cut = [...ofUsers].map((signals) => {
    const liked = signals
      .filter((signal) => utilityOf(signal) >= tasteMin)
      .toSorted((a, b) => a.changedAtMs - b.changedAtMs || a.videoId - b.videoId);
    const count = liked.length < likedMin ? 0 : Math.round(liked.length * testShare);
    return { past: liked.slice(0, liked.length - count), test: liked.slice(liked.length - count) };
  });
  const videoIds = [...new Set(cut.flatMap(({ past, test }) => [...past, ...test].map(({ videoId }) => videoId)))];
  videoIds.sort((a, b) => a - b);
  const places = new Map(videoIds.map((videoId, place) => [videoId, place]));
  const numbers = (signals: readonly Signal[]) => signals.map(({ videoId }) => places.get(videoId) ?? 0);
  return {
    videoIds,
    items: videoIds.length,
    before: cut.map(({ past }) => numbers(past)),
    later: cut.map(({ test }) => new Set(numbers(test))),
    past: cut.flatMap(({ past }) => past).toSorted((a, b) => a.changedAtMs - b.changedAtMs),
  };
}
