import type { Metrics } from "../telemetry/port.ts";
import type { CacheStore } from "./port.ts";

/** The same store with metrics of its hits and misses, and of its availability. */
export function createMeasuredStore(store: CacheStore, metrics: Metrics): CacheStore {
  const hits = metrics.counter("cache_hits_total", "entries asked for and found");
  const misses = metrics.counter("cache_misses_total", "entries asked for that were not there");
  metrics.gauge("cache_up", "1 while the cache answers, 0 while this process does without it", [], async () => [
    [store.away() === undefined ? 1 : 0, {}],
  ]);
  return {
    ...store,
    async get(key) {
      const value = await store.get(key);
      (value === undefined ? misses : hits).add();
      return value;
    },
  };
}
