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

export interface Admission {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** Where a caller stands who was refused for asking too often; undefined for any other error. */
export function overLimit(error: unknown): Admission | undefined {
  if (!(error instanceof KinoraError) || error.code !== RateLimited.code) return undefined;
  const { limit, retryAfterMs } = error.details as z.output<typeof RateLimitedDetails>; // Its own.
  return { limit, remaining: 0, resetSeconds: Math.ceil(retryAfterMs / 1_000) };
}

/** Requests per minute of each class, per caller and route group. */
export type Sizes = Readonly<Record<Rate, number>>;

/** Counts requests; undefined when limits are off. @throws RateLimited above the class's size. */
export class Limits {
  readonly #cache: Cache;
  readonly #sizes: Sizes | undefined;

  constructor(cache: Cache, sizes: Sizes | undefined) {
    this.#cache = cache;
    this.#sizes = sizes;
  }

  /** @param group the service the route belongs to: a feed that is scrolled does not use up somebody's likes. */
  async admit(rate: Rate, group: string, who: string): Promise<Admission | undefined> {
    const limit = this.#sizes?.[rate];
    if (limit === undefined) return undefined;
    const { value, leftMs } = await this.#cache.add(`rate:${rate}:${group}:${who}`, 1, windowMs);
    if (value > limit) throw RateLimited({ retryAfterMs: Math.ceil(leftMs), limit });
    return { limit, remaining: limit - value, resetSeconds: Math.ceil(leftMs / 1_000) };
  }
}
