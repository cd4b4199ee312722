import { type Cache, failure, KinoraError, type Rate } from "#kernel";
import { z } from "zod";

const RateLimitedDetails = z.object({ retryAfterMs: z.int().nonnegative(), limit: z.int() });
export const RateLimited = failure(
  "exhausted",
  "gateway.rate_limited",
  "too many requests, wait a little",
  RateLimitedDetails,
);

const windowMs = 60_000;

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

/** Requests per minute of each class, per caller and route group. */
export type LimitSizes = Readonly<Record<Rate, number>>;
/** A method names its class in its contract (`rate`). `KINORA_RATE_LIMIT=off` switches all limits off. */
export const limitSizes: LimitSizes = {
  read: 300,
  write: 100,
  costly: 20,
  login: 20,
  upload: 300,
  part: 12_000,
  media: 12_000,
};

/** Counts requests; counts nothing where limits are off. */
export class RateLimits {
  readonly #cache: Cache;
  readonly #sizes: LimitSizes | undefined;

  constructor(cache: Cache, sizes: LimitSizes | undefined) {
    this.#cache = cache;
    this.#sizes = sizes;
  }

  /**
   * @param group the service the route belongs to: scrolling a feed does not use up the allowance for likes.
   * @throws RateLimited above the class's size
   */
  async count(rate: Rate, group: string, caller: string): Promise<Allowance | undefined> {
    const limit = this.#sizes?.[rate];
    if (limit === undefined) return undefined;
    const { value, leftMs } = await this.#cache.add(`rate:${rate}:${group}:${caller}`, 1, windowMs);
    if (value > limit) throw RateLimited({ retryAfterMs: Math.ceil(leftMs), limit });
    return { limit, remaining: limit - value, resetSeconds: Math.ceil(leftMs / 1_000) };
  }
}
