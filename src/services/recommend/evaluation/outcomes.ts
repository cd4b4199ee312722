import type { Id } from "#kernel";
import { utilityOf, type Signal } from "../signals/signal.ts";
import type { LoggedPage } from "./places.ts";

/** What begins later than this came of something else. */
const followsWithinMs = 24 * 3_600_000;
/** Of a younger page it is not known yet what follows. */
export const youngestPageMs = 3_600_000;

/**
 * What followed each video of a user's pages: the utility of the signal that began within a day after the page, 0 without
 * one. Where several pages had the video, it is of the last of them. Pure.
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
    const page = servings.get(videoId)?.findLast((one) => (pages[one]?.servedAtMs ?? 0) <= beganAtMs);
    if (page === undefined || beganAtMs - (pages[page]?.servedAtMs ?? 0) > followsWithinMs) continue;
    utilities.set(`${page} ${videoId}`, utilityOf(signal));
  }
  return (page, videoId) => utilities.get(`${page} ${videoId}`) ?? 0;
}
