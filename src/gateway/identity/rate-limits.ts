import { type Cache, type Call, failure, KinoraError, type Rate } from "#kernel";
import type { CallerRates } from "#kernel/http/limits";
import { z } from "zod";

const RateLimitedDetails = z.object({ retryAfterMs: z.int().nonnegative(), limit: z.int() });
export const RateLimited = failure(
  "exhausted",
  "gateway.rate_limited",
  "too many requests, wait a little",
  RateLimitedDetails,
);

const windowMs = 60_000;

/** An account, or the pseudonym of an address where nobody is signed in. */
type Caller = Pick<Call, "userId" | "source">;

/** The rest of a limit in the current window. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** The allowance of a caller that was refused for exceeding a limit; undefined for any other error. */
export function allowanceOf(error: unknown): Allowance | undefined {
  if (!(error instanceof KinoraError) || error.code !== RateLimited.code) return undefined;
  const { limit, retryAfterMs } = error.details as z.output<typeof RateLimitedDetails>; // Its own.
  return { limit, remaining: 0, resetSeconds: Math.ceil(retryAfterMs / 1_000) };
}

/**
 * Counts requests by the class (`rate`) that the contract gives a method. The numbers of each class are `usualRates` of
 * `kernel/http/limits.ts`. It counts nothing where limits are off.
 */
export class RateLimits {
  readonly #cache: Cache;
  readonly #rates: CallerRates | undefined;

  constructor(cache: Cache, rates: CallerRates | undefined) {
    this.#cache = cache;
    this.#rates = rates;
  }

  /**
   * @param group the service the route belongs to: scrolling a feed does not use up the allowance for likes.
   * @throws RateLimited above the class's size
   */
  async count(rate: Rate, group: string, { userId, source }: Caller): Promise<Allowance | undefined> {
    const limit = this.#rates?.[userId === undefined ? "address" : "account"][rate];
    if (limit === undefined) return undefined;
    const caller = userId === undefined ? `from:${source}` : `user:${userId}`;
    const { value, leftMs } = await this.#cache.add(`rate:${rate}:${group}:${caller}`, 1, windowMs);
    if (value > limit) throw RateLimited({ retryAfterMs: Math.ceil(leftMs), limit });
    return { limit, remaining: limit - value, resetSeconds: Math.ceil(leftMs / 1_000) };
  }
}
