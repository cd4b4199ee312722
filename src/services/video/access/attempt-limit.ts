import type { Cache, Id } from "#kernel";
import { TooManyTries } from "../contract.ts";

const windowMs = 15 * 60_000;
/** One source, and one account wherever it comes from, tries a video's password this often; all together ten times as often. */
const triesMax = 10;
const triesOfAllMax = 100;

/**
 * Counts tries of a video's password before they are looked at, so that many at once are counted too. Without the
 * shared cache each process counts for itself (security S3.4).
 */
export const triesOf = (cache: Cache) => ({
  /** @throws TooManyTries */
  async count(videoId: Id, by: readonly string[]): Promise<void> {
    for (const one of [...by, ""]) {
      const { value, leftMs } = await cache.add(`video:tries:${videoId}:${one}`, 1, windowMs);
      if (value > (one === "" ? triesOfAllMax : triesMax)) throw TooManyTries({ retryAfterMs: Math.ceil(leftMs) });
    }
  },
  /** It was right: what these got wrong before no longer counts. */
  async forgive(videoId: Id, by: readonly string[]): Promise<void> {
    for (const one of by) await cache.delete(`video:tries:${videoId}:${one}`);
  },
});
