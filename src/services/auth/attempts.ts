import type { Cache, Id } from "#kernel";
import { TooManyAttempts } from "./contract.ts";

const windowMs = 15 * 60_000;
/** From one source an account is tried this often; from all that never signed in to it together ten times as often. */
const triesMax = 10;
const triesOfStrangersMax = 100;
/** Sources have other names each day. */
const trustMs = 24 * 3_600_000;

const tries = (name: string, source = "") => `auth:tries:${name}:${source}`;
const triesOfAll = (name: string) => `auth:tries:${name}`;
const trust = (userId: Id, source: string) => `auth:trust:${userId}:${source}`;

interface Told {
  readonly ownerOf: () => Promise<Id | undefined>;
  readonly note: (userId: Id | undefined) => Promise<unknown>;
}

/**
 * Counts log-ins per account and source before they are looked at, so that many at once are counted too. Whoever tries an
 * account from many places makes it closed to strangers, not to its owner: where somebody was signed in today, only the
 * tries from there count. Without the shared cache each process counts for itself, so that nobody tries without a limit
 * (security S3.4).
 */
export function guard(cache: Cache) {
  return {
    /**
     * `ownerOf` is asked only when there were too many, `note` only at the first that is refused: what a flood of them would
     * write down tells nothing more. @throws TooManyAttempts
     */
    async count(name: string, source: string | undefined, { ownerOf, note }: Told): Promise<void> {
      const here = await cache.add(tries(name, source), 1, windowMs);
      if (here.value === triesMax + 1) await note(await ownerOf());
      if (here.value > triesMax) throw TooManyAttempts({ retryAfterMs: Math.ceil(here.leftMs) });
      const all = await cache.add(triesOfAll(name), 1, windowMs);
      if (all.value <= triesOfStrangersMax) return;
      const userId = await ownerOf();
      if (userId !== undefined && source !== undefined && (await cache.get(trust(userId, source))) === true) return;
      if (all.value === triesOfStrangersMax + 1) await note(userId);
      throw TooManyAttempts({ retryAfterMs: Math.ceil(all.leftMs) });
    },
    /** The password was right: what this source got wrong before no longer counts. */
    forgive: (name: string, source?: string): Promise<void> => cache.delete(tries(name, source)),
    /** Somebody is signed in from there. */
    async trust(userId: Id, source?: string): Promise<void> {
      if (source !== undefined) await cache.set(trust(userId, source), true, trustMs);
    },
  };
}
