import type { Id } from "#kernel";
import { openAmong } from "../feeds/slate.ts";
import type { ServedPlace } from "./orders.ts";

/** A page that was made for its viewer, as it is recorded. */
export interface LoggedPage {
  readonly userId: Id;
  readonly modelId: Id | null;
  readonly servedAtMs: number;
  readonly videoIds: readonly Id[];
  readonly propensities: readonly number[];
  readonly candidateIds: readonly Id[];
  /** In thousandths. */
  readonly candidateScores: readonly number[];
  readonly authorsBefore: readonly Id[];
  readonly exploredPlaces: readonly number[];
}

/**
 * The places of a page that were made for its viewer, each with what it could have had: candidates that no place before it
 * has, spaced by authors as the feed does. @param authorOf undefined where nothing is known of a video any longer
 */
export function placesOf(page: LoggedPage, authorOf: (videoId: Id) => Id | undefined): ServedPlace[] {
  // A video without an author is like no other: the spacing leaves it alone.
  const author = (videoId: Id) => authorOf(videoId) ?? -videoId;
  const explored = new Set(page.exploredPlaces);
  const authors = [...page.authorsBefore];
  let remaining = page.candidateIds.map((videoId, n) => ({ videoId, score: (page.candidateScores[n] ?? 0) / 1_000 }));
  const places: ServedPlace[] = [];
  for (const [place, videoId] of page.videoIds.entries()) {
    const propensity = page.propensities[place] ?? 1;
    // The places after this one are the same for all viewers, and were not drawn.
    if (propensity >= 1) break;
    places.push({
      videoId,
      propensity,
      isExplored: explored.has(place),
      servedAtMs: page.servedAtMs,
      open: openAmong(remaining, authors, (candidate) => author(candidate.videoId)),
    });
    remaining = remaining.filter((candidate) => candidate.videoId !== videoId);
    authors.push(author(videoId));
  }
  return places;
}
