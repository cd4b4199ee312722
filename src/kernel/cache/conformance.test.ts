import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { embeddedCache } from "./embedded.ts";
import type { Cache } from "./port.ts";

/** What every cache promises; each adapter is run through it. `pass` moves the clock its lifetimes follow. */
const adapters: readonly [string, () => { cache: Cache; pass: (ms: number) => void }][] = [
  [
    "this process",
    () => {
      let now = 0;
      return { cache: embeddedCache(100, () => now), pass: (ms) => void (now += ms) };
    },
  ],
];

for (const [name, open] of adapters)
  describe(`a cache in ${name}`, () => {
    it("keeps a value for its life and no longer, as a copy", async () => {
      const { cache, pass } = open();
      const value = { a: [1] };
      await cache.set("k", value, 1_000);
      value.a.push(2);
      assert.deepEqual(await cache.get("k"), { a: [1] });
      pass(1_001);
      assert.equal(await cache.get("k"), undefined);
    });

    it("counts within a window that begins with the first addition", async () => {
      const { cache, pass } = open();
      assert.deepEqual(await cache.add("k", 2, 1_000), { value: 2, leftMs: 1_000 });
      pass(400);
      assert.deepEqual(await cache.add("k", 1, 1_000), { value: 3, leftMs: 600 });
      pass(601);
      assert.deepEqual(await cache.add("k", 1, 1_000), { value: 1, leftMs: 1_000 });
    });

    it("forgets on demand", async () => {
      const { cache } = open();
      await cache.set("k", 1, 1_000);
      await cache.delete("k");
      assert.equal(await cache.get("k"), undefined);
    });

    it("stays within its bound", async () => {
      const { cache } = open();
      for (let i = 0; i < 500; i++) await cache.set(`k${i}`, i, 1_000);
      assert.equal(await cache.get("k0"), undefined);
      assert.equal(await cache.get("k499"), 499);
    });
  });
