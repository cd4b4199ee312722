import type { Id } from "#kernel";

/** A user's actions on a video, in all reports together. */
export interface Signal {
  readonly userId: Id;
  readonly videoId: Id;
  readonly watchedMs: number;
  /** The length of the video; 0 if it is unknown. */
  readonly lengthMs: number;
  readonly isFinished: boolean;
  readonly isLiked: boolean;
  readonly isFavorited: boolean;
  readonly isShared: boolean;
  readonly isCommented: boolean;
  /** Its author was followed after it. */
  readonly isFollowed: boolean;
  /** The user is not interested in it, in its author or in one of its tags. */
  readonly isRefused: boolean;
  /** The time of the first report. */
  readonly beganAtMs: number;
  readonly changedAtMs: number;
}

/** Less than this, and less than {@link skippedShare}, is a skip. */
const skippedMs = 2_000;
const skippedShare = 0.5;
/** A video was watched more than once: time beyond its length counts again. */
const rewatchedShare = 1.6;

/** True if the user has dealt with the video before: it is not shown again while there are others. Pure. */
export const isKnown = ({ watchedMs, ...signal }: Signal): boolean =>
  watchedMs > 0 || signal.isFinished || signal.isLiked || signal.isFavorited || signal.isShared || signal.isCommented;

export const isSkip = ({ watchedMs, isFinished, ...signal }: Signal): boolean =>
  !isFinished && watchedMs < skippedMs && shareOf({ watchedMs, isFinished, ...signal }) < skippedShare;

/** How much of the video was watched; more than 1 where it was watched again. Pure. */
export function shareOf({ watchedMs, lengthMs, isFinished }: Pick<Signal, "watchedMs" | "lengthMs" | "isFinished">) {
  const share = lengthMs > 0 ? watchedMs / lengthMs : watchedMs / unknownLengthMs;
  return isFinished ? Math.max(1, share) : share;
}
const unknownLengthMs = 60_000;

/**
 * The share that is usual for a length: nearly all of ten seconds, a third of ten minutes. Without it short videos would
 * always seem to be the better ones. Pure.
 */
export const usualShare = (lengthMs: number): number =>
  Math.min(0.9, Math.max(0.15, 0.9 * (10_000 / Math.max(10_000, lengthMs)) ** 0.25));

/** True if at least the usual share for the length was watched. Pure. */
export const isCompleted = (signal: Signal): boolean =>
  signal.isFinished || shareOf(signal) >= usualShare(signal.lengthMs);

const weights = { liked: 1, favorited: 1, shared: 1, commented: 0.5, followed: 1, rewatched: 0.5 } as const;
const skipWeight = -0.6;
const refusedWeight = -2;

/**
 * How much a user liked a video: below 0 for a skip, 1 for one that was watched as far as is usual, more for what a user
 * did beside watching. Pure.
 */
export function utilityOf(signal: Signal): number {
  if (signal.isRefused) return refusedWeight;
  const share = shareOf(signal);
  const acts =
    (signal.isLiked ? weights.liked : 0) +
    (signal.isFavorited ? weights.favorited : 0) +
    (signal.isShared ? weights.shared : 0) +
    (signal.isCommented ? weights.commented : 0) +
    (signal.isFollowed ? weights.followed : 0) +
    (share >= rewatchedShare ? weights.rewatched : 0);
  if (acts === 0 && isSkip(signal)) return skipWeight;
  return Math.min(1, share / usualShare(signal.lengthMs)) + acts;
}

/** From here on a video was to a user's taste. */
export const tasteMin = 0.6;

const sessionHalfLifeMs = 2 * 3_600_000;
const lastingHalfLifeMs = 30 * 24 * 3_600_000;

/** How much of a signal counts by now: half of it for the hours after it, the other half for weeks. Pure. */
export function recencyOf(ageMs: number): number {
  const age = Math.max(0, ageMs);
  return 0.5 * 2 ** (-age / sessionHalfLifeMs) + 0.5 * 2 ** (-age / lastingHalfLifeMs);
}
