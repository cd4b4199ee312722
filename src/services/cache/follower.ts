import { type Client, type Log, newCall } from "#kernel";
import type { CachePolicies } from "#kernel/cache/policies";
import { Loop } from "#kernel/process/loop";
import type { cache } from "./contract.ts";

const lookMs = 1_000;
/** Its own caches are reported with every fifth look. */
const looksPerReport = 5;
const waitMs = 2_000;
const lastWaitMs = 1_000;

interface Parts {
  readonly client: Pick<Client<typeof cache>, "follow" | "reportWarmUp">;
  readonly caches: CachePolicies;
  /** Names this process. */
  readonly instance: string;
  readonly log: Log;
}

export interface CacheFollower {
  /** Never fails, and takes some seconds at most. */
  stop(): Promise<void>;
}

/**
 * Applies the changes of caches in a process beside others: it asks the cache service every second. While that is away,
 * the lifetimes stay as they are. A process that runs everything applies changes with their commit, and asks nothing.
 */
export function startCacheFollower({ client, caches, instance, log }: Parts): CacheFollower {
  const answeredWarmings = new Set<number>();
  let looks = 0;

  async function warm({ id, name, keys }: { id: number; name: string; keys: readonly string[] }): Promise<void> {
    if (answeredWarmings.has(id)) return;
    answeredWarmings.add(id);
    if (answeredWarmings.size > 1_000) answeredWarmings.clear();
    const count = await (caches.find(name)?.warm(keys) ?? 0);
    await client.reportWarmUp({ id, process: instance, count }, newCall({ waitMs }));
  }

  const loop = new Loop(
    async () => {
      const { revision } = caches;
      const isReported = looks++ % looksPerReport === 0;
      const { changes, warmings } = await client.follow(
        {
          process: instance,
          ...(revision !== undefined && { revision }),
          ...(isReported && { reports: caches.reports() }),
        },
        newCall({ waitMs }),
      );
      if (changes) caches.apply({ ...changes, deletions: changes.deletions });
      for (const warming of warmings)
        warm(warming).catch((error: unknown) =>
          log.warn("a cache was not warmed", { cache: warming.name, err: error }),
        );
      return lookMs;
    },
    (error) => log.debug("changes of caches were not asked for", { err: error }),
  );
  loop.wake();
  return {
    async stop() {
      await loop.stop();
      // No report: it is not waited for any longer.
      await client.follow({ process: instance, reports: [] }, newCall({ waitMs: lastWaitMs })).catch(() => undefined);
    },
  };
}
