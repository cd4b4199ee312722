import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import type { Cache } from "./port.ts";

/** An adapter under test: two processes on one cache, or one where it is not shared. */
export interface Opened {
  readonly cache: Cache;
  /** The same cache from another process; itself where there is none. */
  readonly other: Cache;
  /** Lets the clock of the lifetimes go on. */
  readonly pass: (ms: number) => Promise<void> | void;
  /** How exact that clock is, and how long asking takes. */
  readonly toleranceMs: number;
  readonly close: () => Promise<void>;
}

const lifetimeMs = 400;

/** The conformance suite of caches, run against each adapter. */
export const cacheConformance = (name: string, open: () => Promise<Opened>): void =>
  void describe(`a cache in ${name}`, () => {
    let n = 0;
    before(async () => {
      opened = await open();
      ({ cache, other } = opened);
    });
    beforeEach(() => void (key = `key ${n++}`));
    after(() => opened.close());
    describe("values", values);
    describe("counters", counters);
    describe("marks", marks);
    describe("one-time values", oneTimeValues);
    describe("presence", presence);
    describe("look-ups", lookups);
  });

/* The cache under test, opened before its tests, and a key that no other test uses. */
let opened: Opened;
let cache: Cache;
let other: Cache;
let key = "";

function values(): void {
  it("are copied when they are stored, and expire after their lifetime", async () => {
    const value = { list: [1], text: "日 \u0001" };
    await cache.set(key, value, lifetimeMs);
    value.list.push(2);
    assert.deepEqual(await other.get(key), { list: [1], text: "日 \u0001" });
    await opened.pass(lifetimeMs + 1);
    assert.equal(await cache.get(key), undefined);
  });

  it("expire after the lifetime of the last write", async () => {
    await cache.set(key, 1, 60_000);
    await cache.set(key, 2, lifetimeMs);
    assert.equal(await cache.get(key), 2);
    await opened.pass(lifetimeMs + 1);
    assert.equal(await cache.get(key), undefined);
  });

  it("are absent after deletion", async () => {
    await cache.set(key, 1, 60_000);
    await other.delete(key);
    assert.equal(await cache.get(key), undefined);
  });
}

function counters(): void {
  it("expire a lifetime after their first addition, and then start again", async () => {
    const first = await cache.add(key, 2, lifetimeMs);
    assert.equal(first.value, 2);
    near(first.leftMs, lifetimeMs);
    await opened.pass(lifetimeMs / 2);
    const second = await other.add(key, 1, lifetimeMs);
    assert.equal(second.value, 3);
    near(second.leftMs, lifetimeMs / 2);
    await opened.pass(lifetimeMs / 2 + 1);
    const anew = await cache.add(key, 1, lifetimeMs);
    assert.equal(anew.value, 1);
    near(anew.leftMs, lifetimeMs);
  });

  it("count every concurrent addition", async () => {
    const all = Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? cache : other).add(key, 1, 60_000));
    const values = (await Promise.all(all)).map(({ value }) => value);
    assert.deepEqual(
      values.toSorted((a, b) => a - b),
      values.map((_, at) => at + 1),
    );
  });

  it("start again from zero after deletion", async () => {
    await cache.add(key, 5, 60_000);
    await cache.delete(key);
    assert.equal((await cache.add(key, 1, 60_000)).value, 1);
  });
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= opened.toleranceMs, `${actual} is not near ${expected}`);
}

function marks(): void {
  it("keep the greatest of many numbers raised concurrently", async () => {
    const all = Array.from({ length: 100 }, (_, at) =>
      (at % 2 === 0 ? cache : other).raise(key, { log: (at * 37) % 100, [`n${at % 3}`]: 2 ** 52 + at }, 60_000),
    );
    const incarnations = new Set((await Promise.all(all)).map((marks) => marks?.incarnation));
    assert.equal(incarnations.size, 1);
    const greatest = { log: 99, n0: 2 ** 52 + 99, n1: 2 ** 52 + 97, n2: 2 ** 52 + 98 };
    assert.deepEqual((await other.raise(key, { log: 5 }, 60_000))?.values, greatest);
  });

  it("get another incarnation after deletion or expiry", async () => {
    const first = await cache.raise(key, { log: 1 }, 60_000);
    await other.delete(key);
    const second = await cache.raise(key, {}, lifetimeMs);
    await opened.pass(lifetimeMs + 1);
    const third = await other.raise(key, { log: 3 }, 60_000);
    assert.deepEqual([second?.values, third?.values], [{}, { log: 3 }]);
    assert.equal(new Set([first, second, third].map((marks) => marks?.incarnation)).size, 3);
  });

  it("renew their lifetime with each request", async () => {
    const first = await cache.raise(key, { log: 1 }, lifetimeMs);
    await opened.pass(lifetimeMs * 0.6);
    await other.raise(key, {}, lifetimeMs);
    await opened.pass(lifetimeMs * 0.6);
    assert.deepEqual(await cache.raise(key, {}, lifetimeMs), first);
  });
}

function oneTimeValues(): void {
  it("are given to one of many concurrent takers, and never again", async () => {
    await cache.offer(key, { userId: 7 }, 60_000);
    const all = Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? cache : other).take(key));
    const taken = (await Promise.all(all)).filter((value) => value !== undefined);
    assert.deepEqual(taken, [{ userId: 7 }]);
    assert.equal(await cache.take(key), undefined);
    assert.equal(await other.take(key), undefined);
  });

  it("expire after their lifetime when nothing takes them", async () => {
    await cache.offer(key, 1, lifetimeMs);
    await opened.pass(lifetimeMs + 1);
    assert.equal(await other.take(key), undefined);
  });

  it("are separate from values under the same key", async () => {
    await cache.offer(key, 1, 60_000);
    assert.equal(await cache.get(key), undefined);
    await cache.set(key, 2, 60_000);
    assert.equal(await cache.take(key), 1);
    assert.equal(await cache.take(key), undefined);
  });
}

function presence(): void {
  it("ends on leaving, or a lifetime after the last renewal", async () => {
    await cache.enter(key, "mira", lifetimeMs);
    await opened.pass(10);
    await other.enter(key, "ola", lifetimeMs);
    await opened.pass(10);
    await cache.enter(key, "jo", lifetimeMs);
    assert.deepEqual(await cache.present(key, 10), { count: 3, members: ["jo", "ola", "mira"] });
    await cache.leave(key, "jo");
    await opened.pass(lifetimeMs / 2);
    await cache.enter(key, "mira", lifetimeMs);
    assert.deepEqual(await other.present(key, 1), { count: 2, members: ["mira"] });
    await opened.pass(lifetimeMs / 2 + 1);
    assert.deepEqual(await other.present(key, 10), { count: 1, members: ["mira"] });
    await opened.pass(lifetimeMs);
    assert.deepEqual(await cache.present(key, 10), { count: 0, members: [] });
  });
}

function lookups(): void {
  it("load once for concurrent callers, and again after the lifetime", async () => {
    let loads = 0;
    const source = Promise.withResolvers<void>();
    const look = () =>
      cache.getOrLoad(key, lifetimeMs, async () => {
        loads += 1;
        await source.promise;
        return { load: loads };
      });
    const all = Array.from({ length: 20 }, look);
    source.resolve();
    const answers = await Promise.all(all);
    assert.deepEqual(new Set(answers.map(({ load }) => load)), new Set([1]));
    assert.equal(new Set(answers).size, 20, "each has a copy");
    assert.deepEqual(await look(), { load: 1 });
    assert.deepEqual(await other.getOrLoad(key, lifetimeMs, async () => ({ load: 9 })), { load: 1 });
    await opened.pass(lifetimeMs + 1);
    assert.deepEqual(await look(), { load: 2 });
  });

  it("count the lifetime from the start of the load, not from its end", async () => {
    let loads = 0;
    const look = () =>
      cache.getOrLoad(key, lifetimeMs, async () => {
        await opened.pass((lifetimeMs * 3) / 4);
        return ++loads;
      });
    assert.equal(await look(), 1);
    await opened.pass(lifetimeMs / 2);
    assert.equal(await look(), 2);
  });

  it("do not join a load that is older than the lifetime", async () => {
    const source = Promise.withResolvers<string>();
    const first = cache.getOrLoad(key, lifetimeMs, () => source.promise);
    await opened.pass(lifetimeMs + 1);
    assert.equal(await cache.getOrLoad(key, lifetimeMs, async () => "new"), "new");
    source.resolve("old");
    assert.equal(await first, "old");
    assert.equal(await cache.get(key), "new");
  });

  it("cache no failure, and load once more for callers that joined the failed load", async () => {
    let loads = 0;
    const look = () =>
      cache.getOrLoad(key, lifetimeMs, async () => {
        await later(1);
        if (++loads === 1) throw new Error("the caller went away");
        return loads;
      });
    const answers = await Promise.allSettled([look(), look(), look()]);
    assert.deepEqual(
      answers.map((answer) => (answer.status === "fulfilled" ? answer.value : answer.status)),
      ["rejected", 2, 2],
    );
    assert.equal(loads, 2);
  });

  it("do not cache a value that was deleted during its load", async () => {
    const source = Promise.withResolvers<string>();
    const loading = Promise.withResolvers<void>();
    const first = cache.getOrLoad(key, 60_000, () => (loading.resolve(), source.promise));
    await loading.promise;
    await cache.delete(key);
    const second = cache.getOrLoad(key, 60_000, async () => "after");
    source.resolve("before");
    assert.deepEqual(await Promise.all([first, second]), ["before", "after"]);
    assert.equal(await cache.get(key), "after");
  });

  it("load each time when the source has no value", async () => {
    let loads = 0;
    const look = () => cache.getOrLoad(key, 60_000, async () => void loads++);
    assert.deepEqual([await look(), await look(), loads], [undefined, undefined, 2]);
  });
}
