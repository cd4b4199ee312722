import type { Id } from "#kernel";
import { utilityOf, type Signal } from "../signals/signal.ts";
import type { LoggedPage } from "./places.ts";

/** A signal that begins later than this had another cause. */
const followsWithinMs = 24 * 3_600_000;
/** The outcome of a younger page is not known yet. */
export const youngestPageMs = 3_600_000;

/**
 * The outcome of each video of a user's pages: the utility of the signal that began within a day after the page, or 0.
 * A video on several pages counts for the last of them. Pure.
 * @param pages in the order of time
 */
export function outcomesOf(
  pages: readonly Pick<LoggedPage, "servedAtMs" | "videoIds">[],
  signals: readonly Signal[],
): (page: number, videoId: Id) => number {
  const servings = new Map<Id, number[]>();
  for (const [page, { videoIds }] of pages.entries())
    for (const videoId of videoIds) servings.set(videoId, [...(servings.get(videoId) ?? []), page]);
  const utilities = new Map<string, number>();
  for (const signal of signals) {
    const { videoId, beganAtMs } = signal;
    const page = servings.get(videoId)?.findLast((candidate) => (pages[candidate]?.servedAtMs ?? 0) <= beganAtMs);
    if (page === undefined || beganAtMs - (pages[page]?.servedAtMs ?? 0) > followsWithinMs) continue;
    utilities.set(`${page} ${videoId}`, utilityOf(signal));
  }
  return (page, videoId) => utilities.get(`${page} ${videoId}`) ?? 0;
}
