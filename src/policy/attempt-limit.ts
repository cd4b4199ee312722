import { type Cache, failure, type Id } from "#kernel";
import { z } from "zod";

export const TooManyTries = failure(
  "exhausted",
  "video.too_many_tries",
  "too many wrong passwords, wait a little",
  z.object({ retryAfterMs: z.int().nonnegative() }),
);

const windowMs = 15 * 60_000;
/** Attempts at one password by one source and by one account; all together have ten times as many. */
const attemptsMax = 10;
const allAttemptsMax = 100;

/** Attempts at the passwords of things of one kind. `by`: the source and the account of the caller. */
export interface AttemptLimit {
  /** @throws TooManyTries */
  count(id: Id, by: readonly string[]): Promise<void>;
  /** The password was right: earlier attempts no longer count. */
  reset(id: Id, by: readonly string[]): Promise<void>;
}

/**
 * Counts attempts at the password of a thing before they are checked, so that concurrent ones are counted too. Without the
 * shared cache each process counts for itself (security S3.4).
 */
export const createAttemptLimit = (cache: Cache, kind: "video" | "live" | "playlist"): AttemptLimit => ({
  async count(id: Id, by: readonly string[]): Promise<void> {
    for (const source of [...by, ""]) {
      const { value, leftMs } = await cache.add(`${kind}:tries:${id}:${source}`, 1, windowMs);
      if (value > (source === "" ? allAttemptsMax : attemptsMax))
        throw TooManyTries({ retryAfterMs: Math.ceil(leftMs) });
    }
  },
  async reset(id: Id, by: readonly string[]): Promise<void> {
    for (const source of by) await cache.delete(`${kind}:tries:${id}:${source}`);
  },
});
