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
    assert.equal((await hot.read(store, film, 0, 1))?.toString(), "fi");
    await store.quarantine.put(film.key);
    elapsedMs += 3_001;
    await assert.rejects(hot.read(store, film, 0, 1), damaged);
  });

  it("is kept where another object was set aside, and while the store does not answer", async () => {
    const { store } = made;
    const film = await filmIn("upload");
    const hot = new HotParts(1_000_000);
    await hot.read(store, film, 0, 1);
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

let made: Awaited<ReturnType<typeof onDisk>>;
let elapsedMs: number;

async function filmIn(space: string): Promise<{ key: string; sizeBytes: number }> {
  const writer = await made.store.create(space);
  await writer.write(Buffer.from("film"));
  return writer.commit();
}
