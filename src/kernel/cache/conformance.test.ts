import assert from "node:assert/strict";
import { it } from "node:test";
import { cacheConformance } from "./conformance.ts";
import { embeddedCache } from "./embedded.ts";

cacheConformance("this process", async () => {
  let now = 0;
  const cache = embeddedCache(1_000, () => now);
  return { cache, other: cache, pass: (ms) => void (now += ms), toleranceMs: 0, close: () => cache.close() };
});

it("a cache in this process evicts the oldest values beyond its bound", async () => {
  const cache = embeddedCache(100);
  for (let n = 0; n < 500; n++) await cache.set(`key ${n}`, n, 60_000);
  assert.equal(await cache.get("key 0"), undefined);
  assert.equal(await cache.get("key 499"), 499);
});
