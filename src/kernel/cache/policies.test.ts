import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { embeddedCache } from "./embedded.ts";
import { type CacheChanges, CachePolicies } from "./policies.ts";
import { type CacheDeclaration, CachePolicy } from "./policy.ts";
import { createSharedCache } from "./shared.ts";

describe("the policy of a cache", () => {
  it("is as declared until an administrator changes it, and again after that", () => {
    const policy = new CachePolicy(rights);
    assert.deepEqual([policy.ttlMs, policy.staleMs], [3_000, 1_000]);
    policy.apply({ ttlMs: 1_000, staleMs: 0, generation: 0 });
    assert.deepEqual([policy.ttlMs, policy.staleMs], [1_000, 0]);
    policy.apply({ ttlMs: null, staleMs: null, generation: 0 });
    assert.deepEqual([policy.ttlMs, policy.staleMs], [3_000, 1_000]);
  });

  it("never keeps what grants access for longer than its fixed bound, whatever is stored (D8)", () => {
    const times = fc.option(fc.nat(100_000));
    fc.assert(
      fc.property(times, times, fc.nat(9), (ttlMs, staleMs, generation) => {
        const policy = new CachePolicy(rights);
        policy.apply({ ttlMs, staleMs, generation });
        assert.ok(policy.ttlMs + policy.staleMs <= 5_000);
        assert.ok(policy.ttlMs >= 0 && policy.staleMs >= 0);
      }),
    );
  });

  it("deletes all entries when a lifetime or the generation changes, and none otherwise", () => {
    const policy = new CachePolicy(rights);
    let cleared = 0;
    policy.hold({ clear: () => (cleared += 1) });
    policy.apply({ ttlMs: 3_000, staleMs: 1_000, generation: 0 });
    assert.equal(cleared, 0);
    policy.apply({ ttlMs: 2_000, staleMs: 1_000, generation: 0 });
    policy.apply({ ttlMs: 2_000, staleMs: 1_000, generation: 7 });
    assert.equal(cleared, 2);
  });

  it("reports entries and bytes of all objects together, and null where one cannot be counted", () => {
    const policy = new CachePolicy(rights);
    const clear = () => undefined;
    policy.hold({ clear, entries: () => 2, bytes: () => 10 });
    policy.hold({ clear, entries: () => 3 });
    policy.count(true);
    policy.count(false);
    const { entries, bytes, hits, misses } = policy.report();
    assert.deepEqual([entries, bytes, hits, misses], [5, null, 1, 1]);
  });
});

describe("the caches of a process", () => {
  it("apply settings that arrived before a cache was declared", () => {
    const caches = new CachePolicies();
    caches.apply(changesOf(3, { settings: [{ name: rights.name, ttlMs: 500, staleMs: 0, generation: 2 }] }));
    const policy = caches.declare(rights);
    assert.deepEqual([policy.ttlMs, policy.staleMs, policy.generation], [500, 0, 2]);
  });

  it("ignore an answer that is older than their state", () => {
    const caches = new CachePolicies();
    const policy = caches.declare(rights);
    caches.apply(changesOf(5, { settings: [{ name: rights.name, ttlMs: 500, staleMs: 0, generation: 0 }] }));
    caches.apply(changesOf(4));
    assert.equal(policy.ttlMs, 500);
  });

  it("delete by keys of one cache and by tags of all, once for each change", () => {
    const caches = new CachePolicies();
    const deleted: string[] = [];
    for (const declaration of [rights, names]) {
      const { name } = declaration;
      caches.declare(declaration).hold({
        clear: () => deleted.push(`${name} all`),
        deleteKey: (key) => deleted.push(`${name} ${key}`),
        deleteTag: (tag) => deleted.push(`${name} ${tag}`),
      });
    }
    const first = { revision: 1, keys: ["gateway.rights/7", "nosuch/1", "gateway.rights"], tags: [] };
    const second = { revision: 2, keys: [], tags: ["video:7"] };
    caches.apply(changesOf(1, { deletions: [first] }));
    caches.apply(changesOf(2, { deletions: [first, second] }));
    assert.deepEqual(deleted, [
      "gateway.rights 7",
      "gateway.rights ",
      "gateway.rights video:7",
      "gateway.names video:7",
    ]);
  });

  it("are emptied where deletions were missed", () => {
    const caches = new CachePolicies();
    let cleared = 0;
    caches.declare(rights).hold({ clear: () => (cleared += 1) });
    caches.apply({ revision: 90, generation: 0, settings: [], deletions: undefined });
    assert.equal(cleared, 1);
  });
});

describe("a declared cache in the cache port", () => {
  it("counts hits, and looks up anew after a deletion or in another generation", async () => {
    const caches = new CachePolicies();
    const policy = caches.declare(names);
    const shared = createSharedCache<number>(embeddedCache(), policy, { subject: "user" });
    let asked = 0;
    const look = () => shared.getOrLoad("7", async () => ++asked);
    assert.deepEqual([await look(), await look()], [1, 1]);
    caches.apply(changesOf(1, { deletions: [{ revision: 1, keys: [], tags: ["user:7", "video:7"] }] }));
    assert.equal(await look(), 2);
    caches.apply(changesOf(2, { generation: 2 }));
    assert.equal(await look(), 3);
    caches.apply(changesOf(3, { deletions: [{ revision: 3, keys: ["gateway.names/7"], tags: [] }] }));
    assert.equal(await look(), 4);
    const { hits, misses } = policy.report();
    assert.deepEqual([hits, misses], [1, 4]);
  });

  it("that two processes share is looked up anew by each that has applied an invalidation", async () => {
    const store = embeddedCache();
    const processes = [new CachePolicies(), new CachePolicies()];
    const [first, second] = processes.map((caches) => createSharedCache<string>(store, caches.declare(names)));
    assert.ok(first && second);
    await first.getOrLoad("7", async () => "old");
    assert.equal(await second.getOrLoad("7", async () => "new"), "old");
    processes[0]?.apply(changesOf(1, { generation: 1 }));
    assert.equal(await first.getOrLoad("7", async () => "new"), "new");
    processes[1]?.apply(changesOf(1, { generation: 1 }));
    assert.equal(await second.getOrLoad("7", async () => "newer"), "new");
  });

  it("looks up each time while its lifetime is zero", async () => {
    const policy = new CachePolicy(names);
    policy.apply({ ttlMs: 0, staleMs: null, generation: 0 });
    const shared = createSharedCache<number>(embeddedCache(), policy);
    let asked = 0;
    for (const expected of [1, 2]) assert.equal(await shared.getOrLoad("7", async () => ++asked), expected);
  });

  it("is warmed by its own look-up, for named keys or for all it has", async () => {
    const policy = new CachePolicy(names);
    const loaded: string[] = [];
    const load = async (key: string) => loaded.push(key);
    const shared = createSharedCache(embeddedCache(), policy, { load, keys: ["a"] });
    assert.deepEqual([await policy.warm([]), await policy.warm(["b", "c"])], [1, 2]);
    assert.deepEqual(loaded, ["a", "b", "c"]);
    assert.equal(await shared.getOrLoad("b", async () => -1), 2);
  });
});

const rights: CacheDeclaration = {
  name: "gateway.rights",
  what: "Rights.",
  ttlMs: 3_000,
  staleMs: 1_000,
  lifetimeMsMax: 5_000,
};
const names: CacheDeclaration = { name: "gateway.names", what: "Names.", ttlMs: 60_000, isShared: true };

const changesOf = (revision: number, parts: Partial<CacheChanges> = {}): CacheChanges => ({
  revision,
  generation: 0,
  settings: [],
  deletions: [],
  ...parts,
});
