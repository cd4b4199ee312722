import { createEmbeddedStore } from "../../src/kernel/cache/embedded.ts";
import type { CacheStore } from "../../src/kernel/cache/port.ts";
import type { Config } from "../../src/kernel/config/load.ts";
import type { Log } from "../../src/kernel/log/port.ts";

/** The cache that the configuration asks for. A Redis that is away delays this by two seconds at most, and fails nothing. */
export async function cacheStoreOf({ redisUrl: url, redisPrefix: prefix }: Config["cache"], log: Log) {
  if (url === undefined) return createEmbeddedStore();
  const { createRedisStore: redisStore } = await import("../../src/kernel/cache/redis.ts");
  return redisStore({ url, prefix, log }) satisfies Promise<CacheStore>;
}
