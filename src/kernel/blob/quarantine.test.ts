import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { until } from "#test/until";
import { removeOrphans } from "./orphans.ts";
import type { BlobStore } from "./port.ts";
import { adapters, all, type Made, onDisk, onTwo, put, text } from "./testing.ts";
import { damageOf } from "./verify.ts";

const damaged = { code: "kernel.object_damaged", http: 503 };

/** The conformance suite of blob stores for quarantine, run against each adapter. */
for (const { name, make } of adapters)
  describe(`R5: the quarantine of a blob store on ${name}`, () => {
    let fixture: Made;
    let store: BlobStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(() => fixture[Symbol.asyncDispose]());

    it("hides an object from all readers and lists, and keeps its bytes", async () => {
      const [key, other] = [await put(store, "film"), await put(store, "other")];
      await store.quarantine.put(key);
      await assert.rejects(store.open(key), damaged);
      await assert.rejects(store.local(key), damaged);
      if (store.directRead && fixture.store.storeFor)
        await assert.rejects(store.directRead(key, { mime: "video/mp4", expiresMs: 1_000 }), damaged);
      assert.deepEqual([await all(store), await aside(store)], [[other], [key]]);
      assert.equal(await text(store, other), "other");
      const kept = await store.quarantine.open(key);
      assert.equal((await kept?.read(0, 10))?.toString(), "film");
      await kept?.close();
      assert.match((await damageOf(store, { key }, { readsAll: false })) ?? "", /in quarantine/);
    });

    it("keeps the bytes when an object is put in twice, and has no other objects", async () => {
      const key = await put(store, "film");
      assert.equal(await store.quarantine.open(key), undefined);
      await store.quarantine.put(key);
      await store.quarantine.put(key);
      const kept = await store.quarantine.open(key);
      assert.equal(kept?.sizeBytes, 4);
      await kept.close();
    });

    it("restores an object for readers", async () => {
      const key = await put(store, "film");
      await store.quarantine.put(key);
      await store.quarantine.restore(key);
      assert.deepEqual([await text(store, key), await aside(store)], ["film", []]);
      await store.quarantine.restore(key);
      assert.equal(await text(store, key), "film");
    });

    it("no longer hides content that is stored again, and is empty after restoring or dropping it", async () => {
      const key = await put(store, "film");
      await store.quarantine.put(key);
      assert.equal(await put(store, "film"), key);
      assert.equal(await text(store, key), "film");
      await store.quarantine.restore(key);
      await store.quarantine.drop(key);
      assert.deepEqual([await text(store, key), await aside(store)], ["film", []]);
    });

    it("marks an object with missing bytes as damaged", async () => {
      const key = await put(store, "film");
      await store.remove(key);
      assert.equal(await store.open(key), undefined);
      await store.quarantine.put(key);
      await assert.rejects(store.open(key), damaged);
    });

    it("forgets an object that is removed from the store", async () => {
      const key = await put(store, "film");
      await store.quarantine.put(key);
      await store.remove(key);
      assert.deepEqual([await store.open(key), await aside(store)], [undefined, []]);
    });

    it("is swept only of old unreferenced objects and of content that was stored again", async () => {
      const [held, forgotten, again] = [await put(store, "1"), await put(store, "2"), await put(store, "3")];
      for (const key of [held, forgotten, again]) await store.quarantine.put(key);
      await put(store, "3");
      const sweep = (writtenBeforeMs: number) =>
        removeOrphans({
          blob: store,
          space: "test",
          writtenBeforeMs,
          findReferred: async () => new Set([held, again]),
          unlessReferred: (_, remove) => remove(),
        });
      await sweep(Date.now() - 60_000);
      assert.equal((await aside(store)).length, 3);
      await sweep(Date.now() + 60_000);
      assert.deepEqual([await aside(store), await text(store, again)], [[held], "3"]);
    });

    it("refuses invalid keys", async () => {
      for (const work of [
        () => store.quarantine.put("../x"),
        () => store.quarantine.open("../x"),
        () => store.quarantine.restore("../x"),
        () => store.quarantine.drop("../x"),
      ])
        await assert.rejects(async () => work(), TypeError);
    });
  });

describe("R5: an object quarantined in one of two stores", () => {
  it("is read from the other store, by open readers too, and is damaged when both have quarantined it", async (t) => {
    const [near, far] = [await onDisk(), await onDisk()];
    await using two = await onTwo(near, far);
    const { store } = two;
    const key = await put(near.store, "a whole film");
    await put(far.store, "a whole film");
    let elapsedMs = 0;
    t.mock.method(performance, "now", () => elapsedMs);
    await using reader = closing(await store.open(key));
    assert.equal((await reader.read(0, 2)).toString(), "a ");
    await near.store.quarantine.put(key);
    assert.equal(await text(store, key), "a whole film");
    elapsedMs += 1_001;
    assert.equal((await reader.read(2, 10)).toString(), "whole film");
    await far.store.quarantine.put(key);
    await assert.rejects(store.open(key), damaged);
    elapsedMs += 1_001;
    await assert.rejects(reader.read(0, 2), damaged);
  });
});

describe("R5: an open reader on the disk", () => {
  it("fails a second after its object's quarantine; only a new one reads the content stored again", async (t) => {
    await using made = await onDisk();
    const { store } = made;
    const key = await put(store, "film");
    let elapsedMs = 0;
    t.mock.method(performance, "now", () => elapsedMs);
    await using reader = closing(await store.open(key));
    await store.quarantine.put(key);
    const quarantinedMs = Date.now();
    elapsedMs += 1_001;
    await assert.rejects(reader.read(0, 4), damaged);
    await put(store, "film");
    // It has the damaged file open.
    await assert.rejects(reader.read(0, 4), damaged);
    // A reader that is opened within the same millisecond may have the damaged file as well.
    await until(() => Date.now() > quarantinedMs);
    await using again = closing(await store.open(key));
    elapsedMs += 1_001;
    assert.equal((await again.read(0, 4)).toString(), "film");
  });
});

const aside = async (store: BlobStore): Promise<string[]> =>
  (await Array.fromAsync(store.quarantine.list("test"))).map(({ key }) => key);

function closing(reader: Awaited<ReturnType<BlobStore["open"]>>) {
  assert.ok(reader);
  return { read: reader.read.bind(reader), [Symbol.asyncDispose]: () => reader.close() };
}
