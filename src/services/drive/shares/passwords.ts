import { hash, verify } from "@node-rs/argon2";
import type { Cache, Id } from "#kernel";
import { TooManyTries } from "../contract.ts";

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane, as for accounts. */
const cost = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFC"), cost);
export const isPassword = (password: string, hashed: string): Promise<boolean> =>
  verify(hashed, password.normalize("NFC"));

const windowMs = 15 * 60_000;
/** From one source a link is tried this often; from all together ten times as often. */
const triesMax = 10;
const triesOfAllMax = 100;

/**
 * Counts tries of a link's password before they are looked at, so that many at once are counted too. Without the
 * shared cache each process counts for itself (security S3.4).
 */
export const triesOf = (cache: Cache) => ({
  /** @throws TooManyTries */
  async count(shareId: Id, source = ""): Promise<void> {
    const here = await cache.add(`drive:tries:${shareId}:${source}`, 1, windowMs);
    if (here.value > triesMax) throw TooManyTries({ retryAfterMs: Math.ceil(here.leftMs) });
    const all = await cache.add(`drive:tries:${shareId}`, 1, windowMs);
    if (all.value > triesOfAllMax) throw TooManyTries({ retryAfterMs: Math.ceil(all.leftMs) });
  },
  /** It was right: what this source got wrong before no longer counts. */
  forgive: (shareId: Id, source = ""): Promise<void> => cache.delete(`drive:tries:${shareId}:${source}`),
});
