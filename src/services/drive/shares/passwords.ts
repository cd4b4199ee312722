import { hash, verify } from "@node-rs/argon2";
import type { Cache, Id } from "#kernel";
import { TooManyTries } from "../contract.ts";

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane, as for accounts. */
const cost = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFC"), cost);
export const isPassword = (password: string, hashed: string): Promise<boolean> =>
  verify(hashed, password.normalize("NFC"));

const windowMs = 15 * 60_000;
/** Attempts at a share from one source; ten times as many from all sources together. */
const attemptsMax = 10;
const attemptsOfAllMax = 100;

/**
 * Counts attempts at a share's password before they are checked, so that concurrent ones count too. Without the shared
 * cache each process counts for itself (security S3.4).
 */
export interface AttemptLimit {
  /** @throws TooManyTries */
  readonly count: (shareId: Id, source?: string) => Promise<void>;
  /** After a correct password the wrong ones of this source no longer count. */
  readonly forgive: (shareId: Id, source?: string) => Promise<void>;
}

export const createAttemptLimit = (cache: Cache): AttemptLimit => ({
  async count(shareId: Id, source = ""): Promise<void> {
    const here = await cache.add(`drive:tries:${shareId}:${source}`, 1, windowMs);
    if (here.value > attemptsMax) throw TooManyTries({ retryAfterMs: Math.ceil(here.leftMs) });
    const all = await cache.add(`drive:tries:${shareId}`, 1, windowMs);
    if (all.value > attemptsOfAllMax) throw TooManyTries({ retryAfterMs: Math.ceil(all.leftMs) });
  },
  forgive: (shareId: Id, source = ""): Promise<void> => cache.delete(`drive:tries:${shareId}:${source}`),
});
