import type { Id } from "#kernel";

/** A place of a page that was made for its viewer. */
export interface ServedPlace {
  readonly videoId: Id;
  readonly propensity: number;
  /** A new video was tried there: no score decided. */
  readonly isExplored: boolean;
  readonly servedAtMs: number;
  /** The videos that it could have had by their scores, the highest first. */
  readonly open: readonly { readonly videoId: Id; readonly score: number }[];
}

/** Another way to fill a place: how often it has the video there for each time that the feed had it. */
type Order = (place: ServedPlace) => number;

/** The feed as it was: each place counts once. */
export const asServed: Order = () => 1;

/** The highest score first: a place is neither drawn nor varied, and no new video is tried. */
export const highestScoreFirst: Order = ({ open, ...place }) => weightOf(place, open[0]?.videoId);

/** The video first that most users had watched by then. @param watchersOf how many had */
export const mostWatchedFirst =
  (watchersOf: (videoId: Id, beforeMs: number) => number): Order =>
  ({ open, ...place }) => {
    let best: { readonly videoId: Id; readonly watchers: number } | undefined;
    for (const { videoId } of open) {
      const watchers = watchersOf(videoId, place.servedAtMs);
      if (best === undefined || watchers > best.watchers) best = { videoId, watchers };
    }
    return weightOf(place, best?.videoId);
  };

/** The weight of a place for an order that always has the same video there. */
const weightOf = ({ videoId, propensity, isExplored }: Omit<ServedPlace, "open">, chosen: Id | undefined): number =>
  !isExplored && videoId === chosen ? 1 / propensity : 0;
