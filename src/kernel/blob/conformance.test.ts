import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { until } from "#test/until";
import type { BlobStore } from "./port.ts";
import { adapters, all, changedAt, digestsOf, type Made, put, text } from "./testing.ts";

/** The conformance suite of blob stores, run against each adapter. */
for (const { name, make } of adapters)
  describe(`a blob store on ${name}`, () => {
    let fixture: Made;
    let store: BlobStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(() => fixture[Symbol.asyncDispose]());

    it("returns every byte under a key made of the content's SHA-256", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 8 }), async (chunks) => {
          const writer = await store.create("test");
          for (const chunk of chunks) await writer.write(chunk);
          const whole = Buffer.concat(chunks);
          const stored = await writer.commit();
          assert.equal(stored.sha256, digestsOf(whole).sha256);
          assert.deepEqual([stored.key, stored.sizeBytes], [`test/${stored.sha256}`, whole.byteLength]);
          const reader = await store.open(stored.key);
          assert.ok(reader);
          assert.deepEqual(await reader.read(0, whole.byteLength + 10), whole);
          assert.deepEqual(await reader.read(3, 5), whole.subarray(3, 8));
          await reader.close();
        }),
        { numRuns: 20 },
      );
    });

    it("lists no object before the commit and leaves nothing behind after an abort", async () => {
      const writer = await store.create("test");
      await writer.write(Buffer.from("half"));
      assert.deepEqual(await all(store), []);
      await writer.abort();
      assert.deepEqual([await all(store), await fixture.leftovers()], [[], []]);
    });

    it("keeps one object per content, even when two writers store it concurrently", async () => {
      const keys = await Promise.all([put(store, "same"), put(store, "same"), put(store, "other")]);
      assert.equal(new Set(keys).size, 2);
      assert.equal((await all(store)).length, 2);
    });

    it("adopts a finished file and removes it from the scratch folder", async () => {
      await using scratch = await store.scratch("job 1/../x");
      const path = join(scratch.path, "out.mp4");
      await writeFile(path, "film");
      const { key } = await store.adopt("test", path);
      assert.deepEqual([await text(store, key), await readdir(scratch.path)], ["film", []]);
    });

    it("computes additional digests on request", async () => {
      const writer = await store.create("test", { also: ["md5", "sha1"] });
      for (const part of ["fi", "lm"]) await writer.write(Buffer.from(part));
      const { md5, sha1, sha256 } = await writer.commit();
      assert.deepEqual({ md5, sha1, sha256 }, digestsOf("film"));
      assert.equal("md5" in (await (await store.create("test")).commit()), false);
    });

    it("updates an object's time when the same content is stored again", async () => {
      const key = await put(store, "film");
      const before = await changedAt(store, key);
      await until(async () => {
        await put(store, "film");
        return (await changedAt(store, key)) > before;
      });
    });

    it("provides an object as a local file, and nothing for an unknown key", async () => {
      const key = await put(store, "film");
      await using file = await store.local(key);
      assert.ok(file);
      assert.equal(await store.local(`test/${"0".repeat(64)}`), undefined);
    });

    it("removes an object, and ignores the removal of a missing one", async () => {
      const key = await put(store, "x");
      await store.remove(key);
      await store.remove(key);
      assert.equal(await store.open(key), undefined);
    });

    it("refuses keys that it did not make (S4.1)", async () => {
      for (const key of [
        "../x",
        "test/../../etc/passwd",
        "test/abc",
        `TEST/${"0".repeat(64)}`,
        `test/${"0".repeat(64)}/x`,
        "",
        "/etc/passwd",
        `test\\${"0".repeat(64)}`,
      ])
        await assert.rejects(async () => store.open(key), TypeError, key);
    });
  });
