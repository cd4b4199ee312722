import type { Cache, Id } from "#kernel";
import { TooManyTries } from "../contract.ts";

const windowMs = 15 * 60_000;
/** Attempts at a video's password by one source and by one account; all together have ten times as many. */
const attemptsMax = 10;
const allAttemptsMax = 100;

/**
 * Counts attempts at a video's password before they are checked, so that concurrent ones are counted too. Without the
 * shared cache each process counts for itself (security S3.4).
 */
export const attemptLimit = (cache: Cache) => ({
  /** @throws TooManyTries */
  async count(videoId: Id, by: readonly string[]): Promise<void> {
    for (const one of [...by, ""]) {
      const { value, leftMs } = await cache.add(`video:tries:${videoId}:${one}`, 1, windowMs);
      if (value > (one === "" ? allAttemptsMax : attemptsMax)) throw TooManyTries({ retryAfterMs: Math.ceil(leftMs) });
    }
  },
  /** The password was right: earlier attempts no longer count. */
  async reset(videoId: Id, by: readonly string[]): Promise<void> {
    for (const one of by) await cache.delete(`video:tries:${videoId}:${one}`);
  },
});
