import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { StorageUnavailable } from "#kernel/errors";
import { onDisk, put } from "#kernel/blob/testing";
import { RangeCache } from "./range-cache.ts";

const damaged = { code: "kernel.object_damaged" };

describe("R5: the range cache", () => {
  beforeEach(async () => {
    disk = await onDisk();
    elapsedMs = 0;
    mock.method(performance, "now", () => elapsedMs);
  });
  afterEach(async () => {
    mock.restoreAll();
    await disk[Symbol.asyncDispose]();
  });

  it("evicts the ranges of a quarantined object within seconds", async () => {
    const { store } = disk;
    const film = await filmIn("upload");
    const cache = new RangeCache(1_000_000);
    assert.equal((await warmed(cache, film, 0, 1))?.toString(), "fi");
    await store.quarantine.put(film.key);
    assert.equal((await cache.read(store, film, 0, 1))?.toString(), "fi");
    elapsedMs += 3_001;
    await assert.rejects(cache.read(store, film, 0, 1), damaged);
  });

  it("keeps the ranges of other objects, and keeps all while the store does not answer", async () => {
    const { store } = disk;
    const film = await filmIn("upload");
    const cache = new RangeCache(1_000_000);
    await warmed(cache, film, 0, 1);
    const open = store.open.bind(store);
    store.open = () => Promise.reject(StorageUnavailable({}));
    await store.quarantine.put(await put(store, "other").then((key) => key.replace("test", "upload")));
    elapsedMs += 3_001;
    assert.equal((await cache.read(store, film, 0, 1))?.toString(), "fi");
    store.open = open;
  });

  it("rejects an object whose bytes or length differ from the stored ones", async () => {
    const { store } = disk;
    const film = await filmIn("upload");
    const cache = new RangeCache(1_000_000);
    await assert.rejects(cache.read(store, { ...film, sizeBytes: 5 }, 0, 1), damaged);
    const [space = "", sha256 = ""] = film.key.split("/");
    await writeFile(join(disk.folder, space, sha256.slice(0, 2), sha256.slice(2, 4), sha256), "fiim");
    await assert.rejects(cache.read(store, film, 0, 3), damaged);
  });
});

describe("the range cache", () => {
  beforeEach(async () => {
    disk = await onDisk();
    opened = [];
    const open = disk.store.open.bind(disk.store);
    disk.store.open = (key) => {
      opened.push(key);
      return open(key);
    };
  });
  afterEach(() => disk[Symbol.asyncDispose]());

  it("reads a range once for a hundred simultaneous requests and for later ones", async () => {
    const film = await filmIn("media");
    const cache = new RangeCache(1_000_000);
    const answers = await Promise.all(Array.from({ length: 100 }, () => warmed(cache, film, 1, 2)));
    assert.deepEqual(new Set(answers.map((bytes) => bytes?.toString())), new Set(["il"]));
    await cache.read(disk.store, film, 1, 2);
    assert.deepEqual(opened, [film.key]);
    await cache.read(disk.store, film, 0, 2);
    assert.equal(opened.length, 2, "another range is another read");
  });

  it("caches a range at its second request, unless it would have been evicted in between", async () => {
    const film = await filmIn("media");
    const cache = new RangeCache(4);
    const ask = async (start: number, end: number) => {
      const isAgain = cache.recordRequest(film, start, end);
      const before = opened.length;
      await cache.read(disk.store, film, start, end);
      return [isAgain, opened.length > before];
    };
    assert.deepEqual(await ask(0, 1), [false, true]);
    assert.deepEqual(await ask(0, 1), [true, true], "a repeated request is cached");
    assert.deepEqual(await ask(0, 1), [true, false]);
    const rounds: boolean[][] = [];
    for (const start of [1, 2, 0, 1, 2, 1]) rounds.push(await ask(start, start + 1));
    const [cached, anew, again] = [
      [true, false],
      [false, true],
      [true, true],
    ];
    assert.deepEqual(rounds, [anew, anew, cached, anew, anew, again]);
  });

  it("reads again after a failed read", async () => {
    const film = await filmIn("media");
    const cache = new RangeCache(1_000_000);
    const open = disk.store.open.bind(disk.store);
    disk.store.open = () => Promise.reject(StorageUnavailable({}));
    const refused = await Promise.allSettled([cache.read(disk.store, film, 0, 1), cache.read(disk.store, film, 0, 1)]);
    assert.ok(refused.every(({ status }) => status === "rejected"));
    disk.store.open = open;
    assert.equal((await cache.read(disk.store, film, 0, 1))?.toString(), "fi");
    const missing = { ...film, key: film.key.replace("media", "upload") };
    await assert.rejects(cache.read(disk.store, missing, 0, 1), { code: "kernel.object_damaged" });
  });

  it("stays within its bytes by evicting the least recently requested range", async () => {
    const film = await filmIn("media");
    const cache = new RangeCache(4);
    const [a, b, c] = [() => read(0, 1), () => read(1, 2), () => read(2, 3)];
    const read = (start: number, end: number) => warmed(cache, film, start, end);
    await a();
    await b();
    await a();
    assert.equal(opened.length, 2);
    await c();
    await a();
    assert.equal(opened.length, 3, "the most recent range is cached");
    await b();
    assert.equal(opened.length, 4, "the least recent range was evicted");
    await read(0, 3);
    await c();
    assert.equal(opened.length, 6, "a range that fills the cache evicts all others");
  });
});

/** Requested twice, so that it is cached. */
function warmed(cache: RangeCache, film: { key: string; sizeBytes: number }, start: number, end: number) {
  cache.recordRequest(film, start, end);
  cache.recordRequest(film, start, end);
  return cache.read(disk.store, film, start, end);
}

let opened: string[];
let disk: Awaited<ReturnType<typeof onDisk>>;
let elapsedMs: number;

async function filmIn(space: string): Promise<{ key: string; sizeBytes: number }> {
  const writer = await disk.store.create(space);
  await writer.write(Buffer.from("film"));
  return writer.commit();
}
