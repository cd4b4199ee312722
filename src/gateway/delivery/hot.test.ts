import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { StorageUnavailable } from "#kernel/errors";
import { onDisk, put } from "#kernel/blob/testing";
import { HotParts } from "./hot.ts";

const damaged = { code: "kernel.object_damaged" };

describe("R5: what memory has of an object", () => {
  beforeEach(async () => {
    made = await onDisk();
    elapsedMs = 0;
    mock.method(performance, "now", () => elapsedMs);
  });
  afterEach(async () => {
    mock.restoreAll();
    await made[Symbol.asyncDispose]();
  });

  it("is given for a while, and no more seconds after the object was set aside", async () => {
    const { store } = made;
    const film = await filmIn("upload");
    const hot = new HotParts(1_000_000);
    assert.equal((await warmed(hot, film, 0, 1))?.toString(), "fi");
    await store.quarantine.put(film.key);
    assert.equal((await hot.read(store, film, 0, 1))?.toString(), "fi");
    elapsedMs += 3_001;
    await assert.rejects(hot.read(store, film, 0, 1), damaged);
  });

  it("is kept where another object was set aside, and while the store does not answer", async () => {
    const { store } = made;
    const film = await filmIn("upload");
    const hot = new HotParts(1_000_000);
    await warmed(hot, film, 0, 1);
    const open = store.open.bind(store);
    store.open = () => Promise.reject(StorageUnavailable({}));
    await store.quarantine.put(await put(store, "other").then((key) => key.replace("test", "upload")));
    elapsedMs += 3_001;
    assert.equal((await hot.read(store, film, 0, 1))?.toString(), "fi");
    store.open = open;
  });

  it("is never an object that is not what was stored, or not as long", async () => {
    const { store } = made;
    const film = await filmIn("upload");
    const hot = new HotParts(1_000_000);
    await assert.rejects(hot.read(store, { ...film, sizeBytes: 5 }, 0, 1), damaged);
    const [space = "", sha256 = ""] = film.key.split("/");
    await writeFile(join(made.folder, space, sha256.slice(0, 2), sha256.slice(2, 4), sha256), "fiim");
    await assert.rejects(hot.read(store, film, 0, 3), damaged);
  });
});

describe("what memory has of objects that are asked for again and again", () => {
  beforeEach(async () => {
    made = await onDisk();
    opened = [];
    const open = made.store.open.bind(made.store);
    made.store.open = (key) => {
      opened.push(key);
      return open(key);
    };
  });
  afterEach(() => made[Symbol.asyncDispose]());

  it("is read once for a hundred who ask at the same time, and for those who come later", async () => {
    const film = await filmIn("media");
    const hot = new HotParts(1_000_000);
    const given = await Promise.all(Array.from({ length: 100 }, () => warmed(hot, film, 1, 2)));
    assert.deepEqual(new Set(given.map((bytes) => bytes?.toString())), new Set(["il"]));
    await hot.read(made.store, film, 1, 2);
    assert.deepEqual(opened, [film.key]);
    await hot.read(made.store, film, 0, 2);
    assert.equal(opened.length, 2, "another part is another read");
  });

  it("is nothing that was asked for once, or again when it would have gone by then", async () => {
    const film = await filmIn("media");
    const hot = new HotParts(4);
    const ask = async (start: number, end: number) => {
      const isAgain = hot.isAskedAgain(film, start, end);
      const before = opened.length;
      await hot.read(made.store, film, start, end);
      return [isAgain, opened.length > before];
    };
    assert.deepEqual(await ask(0, 1), [false, true]);
    assert.deepEqual(await ask(0, 1), [true, true], "asked again, it is kept");
    assert.deepEqual(await ask(0, 1), [true, false]);
    const rounds: boolean[][] = [];
    for (const start of [1, 2, 0, 1, 2, 1]) rounds.push(await ask(start, start + 1));
    const [kept, anew, again] = [
      [true, false],
      [false, true],
      [true, true],
    ];
    assert.deepEqual(rounds, [anew, anew, kept, anew, anew, again]);
  });

  it("is tried again after a read that failed, and no failure is kept", async () => {
    const film = await filmIn("media");
    const hot = new HotParts(1_000_000);
    const open = made.store.open.bind(made.store);
    made.store.open = () => Promise.reject(StorageUnavailable({}));
    const refused = await Promise.allSettled([hot.read(made.store, film, 0, 1), hot.read(made.store, film, 0, 1)]);
    assert.ok(refused.every(({ status }) => status === "rejected"));
    made.store.open = open;
    assert.equal((await hot.read(made.store, film, 0, 1))?.toString(), "fi");
    assert.equal(await hot.read(made.store, { ...film, key: film.key.replace("media", "upload") }, 0, 1), undefined);
  });

  it("stays within its bytes: what was longest not asked for goes first", async () => {
    const film = await filmIn("media");
    const hot = new HotParts(4);
    const [a, b, c] = [() => read(0, 1), () => read(1, 2), () => read(2, 3)];
    const read = (start: number, end: number) => warmed(hot, film, start, end);
    await a();
    await b();
    await a();
    assert.equal(opened.length, 2);
    await c();
    await a();
    assert.equal(opened.length, 3, "what was asked for last is there");
    await b();
    assert.equal(opened.length, 4, "what was not is gone");
    await read(0, 3);
    await c();
    assert.equal(opened.length, 6, "one part that fills it leaves no room for others");
  });
});

/** Asked for twice, so that it is kept. */
function warmed(hot: HotParts, film: { key: string; sizeBytes: number }, start: number, end: number) {
  hot.isAskedAgain(film, start, end);
  hot.isAskedAgain(film, start, end);
  return hot.read(made.store, film, start, end);
}

let opened: string[];
let made: Awaited<ReturnType<typeof onDisk>>;
let elapsedMs: number;

async function filmIn(space: string): Promise<{ key: string; sizeBytes: number }> {
  const writer = await made.store.create(space);
  await writer.write(Buffer.from("film"));
  return writer.commit();
}
