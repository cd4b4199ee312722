import type { Metrics } from "../telemetry/port.ts";
import type { Cache } from "./port.ts";

/** The same cache, with how often it had what was asked for. */
export function countedCache(cache: Cache, metrics: Metrics): Cache {
  const hits = metrics.counter("cache_hits_total", "entries asked for and found");
  const misses = metrics.counter("cache_misses_total", "entries asked for that were not there");
  return {
    ...cache,
    async get(key) {
      const found = await cache.get(key);
      (found === undefined ? misses : hits).add();
      return found;
    },
  };
}
