import type { Cache, Id } from "#kernel";
import { TooManyAttempts } from "../contract.ts";

const windowMs = 15 * 60_000;
/** Attempts on an account from one source, and from all sources together that never signed in to it. */
const attemptsMax = 10;
const strangerAttemptsMax = 100;
/** Sources are hashed with another salt each day. */
const trustMs = 24 * 3_600_000;

const attemptsKey = (name: string, source = "") => `auth:tries:${name}:${source}`;
const allAttemptsKey = (name: string) => `auth:tries:${name}`;
const trustKey = (userId: Id, source: string) => `auth:trust:${userId}:${source}`;

interface Callbacks {
  readonly ownerOf: () => Promise<Id | undefined>;
  readonly record: (userId: Id | undefined) => Promise<unknown>;
}

/**
 * Limits sign-ins per account and source. They are counted before their password is verified, so that concurrent attempts
 * count too. Attempts from many sources lock out strangers, not the owner: for a source that was signed in today only its
 * own attempts count. Without the shared cache each process counts for itself (security S3.4).
 */
export interface AttemptLimit {
  /**
   * `ownerOf` is called only beyond the limit, `record` only for the first refused attempt: a record of each attempt of
   * a flood would say nothing more. @throws TooManyAttempts
   */
  readonly count: (name: string, source: string | undefined, callbacks: Callbacks) => Promise<void>;
  /** The password was correct: earlier attempts from this source no longer count. */
  readonly forgive: (name: string, source?: string) => Promise<void>;
  /** The account was signed in from this source. */
  readonly trust: (userId: Id, source?: string) => Promise<void>;
}

export function createAttemptLimit(cache: Cache): AttemptLimit {
  return {
    async count(name: string, source: string | undefined, { ownerOf, record }: Callbacks): Promise<void> {
      const here = await cache.add(attemptsKey(name, source), 1, windowMs);
      if (here.value === attemptsMax + 1) await record(await ownerOf());
      if (here.value > attemptsMax) throw TooManyAttempts({ retryAfterMs: Math.ceil(here.leftMs) });
      const all = await cache.add(allAttemptsKey(name), 1, windowMs);
      if (all.value <= strangerAttemptsMax) return;
      const userId = await ownerOf();
      if (userId !== undefined && source !== undefined && (await cache.get(trustKey(userId, source))) === true) return;
      if (all.value === strangerAttemptsMax + 1) await record(userId);
      throw TooManyAttempts({ retryAfterMs: Math.ceil(all.leftMs) });
    },
    forgive: (name: string, source?: string): Promise<void> => cache.delete(attemptsKey(name, source)),
    async trust(userId: Id, source?: string): Promise<void> {
      if (source !== undefined) await cache.set(trustKey(userId, source), true, trustMs);
    },
  };
}
