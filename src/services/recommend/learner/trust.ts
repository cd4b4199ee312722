import type { Id } from "#kernel";
import { idTimeMs } from "#kernel/ids/id";

/** From this age on an account counts fully. */
const trustedMs = 3 * 24 * 3_600_000;

/** In lists that are the same for everybody, a young site asks for this age all the same: a group of new accounts would lead them. */
export const listedMs = 24 * 3_600_000;

interface Moment {
  readonly nowMs: number;
  /** Since when the site has a video. */
  readonly siteSinceMs: number;
  /** The least age from which an account counts fully, in milliseconds. */
  readonly leastMs?: number;
}

/**
 * How much the signals of an account count for others, 0 to 1: accounts are cheap, their age is not. Where the site itself is
 * young, half its age is enough, if that is not less than `leastMs`. Pure.
 */
export function trustOf(userId: Id, { nowMs, siteSinceMs, leastMs = 1 }: Moment): number {
  const needed = Math.min(trustedMs, Math.max(leastMs, (nowMs - siteSinceMs) / 2));
  return Math.min(1, Math.max(0, nowMs - idTimeMs(userId)) / needed);
}
