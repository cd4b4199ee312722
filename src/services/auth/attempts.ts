import type { Cache } from "#kernel";
import { TooManyAttempts } from "./contract.ts";

const windowMs = 15 * 60_000;
/** From one source an account is tried this often; from all of them together ten times as often. */
const triesMax = 10;
const triesFromAllMax = 100;

/**
 * Counts log-ins per account and source before they are looked at, so that many at once are counted too. A cache that
 * cannot be asked means no (security S3.4).
 */
export function guard(cache: Cache) {
  const keys = (name: string, source = "") => [
    { key: `auth:tries:${name}:${source}`, max: triesMax },
    { key: `auth:tries:${name}`, max: triesFromAllMax },
  ];
  return {
    /** @throws TooManyAttempts */
    async count(name: string, source?: string): Promise<void> {
      for (const { key, max } of keys(name, source)) {
        const { value, leftMs } = await cache.add(key, 1, windowMs);
        if (value > max) throw TooManyAttempts({ retryAfterMs: Math.ceil(leftMs) });
      }
    },
    /** The password was right: what this source got wrong before no longer counts. */
    async forgive(name: string, source?: string): Promise<void> {
      for (const { key } of keys(name, source)) await cache.delete(key);
    },
  };
}
