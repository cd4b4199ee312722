import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { until } from "#test/until";
import type { BlobStore, Piece } from "./port.ts";
import { adapters, all, changedAt, digestsOf, keep, type Made, pieceNames, put, sizeOf, text } from "./testing.ts";

/** The conformance suite of blob stores for pieces, run against each adapter. */
for (const { name, make } of adapters)
  describe(`pieces on ${name}`, () => {
    let fixture: Made;
    let store: BlobStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
    });
    afterEach(() => fixture[Symbol.asyncDispose]());

    it("are read in part, while more is added", async () => {
      const pieces = await keep(store, undefined, "0123456789");
      const [piece] = pieces;
      assert.ok(piece);
      assert.equal(Buffer.from(await store.pieceRange(piece.name, 3, 4)).toString(), "3456");
      await keep(store, piece, "abc");
      assert.equal(Buffer.from(await store.pieceRange(piece.name, 0, 10)).toString(), "0123456789");
      await assert.rejects(async () => store.pieceRange(piece.name, 8, 1_000), { code: "kernel.storage_unavailable" });
    });

    it("are assembled into one object of the same bytes, in any number of runs and chunks", async () => {
      const run = fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(fc.array(run, { maxLength: 4 }), fc.boolean(), async (runs, isKnown) => {
          let pieces: readonly Piece[] = [];
          for (const chunks of runs) {
            const before = pieces.slice(0, -1);
            pieces = [...before, ...(await keep(store, pieces.at(-1), ...chunks))];
          }
          const whole = Buffer.concat(runs.flat());
          assert.equal(sizeOf(pieces), whole.byteLength);
          const digests = digestsOf(whole);
          const stored = await store.assemble("test", pieces, {
            also: ["md5"],
            ...(isKnown && { knownDigests: { sha256: digests.sha256, md5: digests.md5 } }),
          });
          assert.equal(stored.key, `test/${digests.sha256}`);
          assert.deepEqual(
            [stored.sizeBytes, stored.sha256, stored.md5],
            [sizeOf(pieces), digests.sha256, digests.md5],
          );
          const reader = await store.open(stored.key);
          assert.ok(reader);
          assert.deepEqual(await reader.read(0, whole.byteLength), whole);
          await reader.close();
        }),
        { numRuns: 20 },
      );
      assert.deepEqual(await fixture.leftovers(), []);
    });

    it("are assembled in the given order when they come from several writers", async () => {
      const [one, other, third] = [
        await keep(store, undefined, "a"),
        await keep(store, undefined, "b"),
        await keep(store, undefined, "c"),
      ];
      const { key } = await store.assemble("test", [...third, ...one, ...other]);
      assert.equal(await text(store, key), "cab");
    });

    it("are assembled into the empty object when there are none", async () => {
      const { key, sizeBytes } = await store.assemble("test", []);
      assert.deepEqual([key, sizeBytes, await text(store, key)], [`test/${digestsOf("").sha256}`, 0, ""]);
    });

    it("are not listed as objects, and exist until they are dropped", async () => {
      const pieces = await keep(store, undefined, "film");
      assert.deepEqual(await all(store), []);
      const { key } = await store.assemble("test", pieces);
      assert.deepEqual(await pieceNames(store), pieces.map(({ name }) => name).toSorted());
      assert.deepEqual(await store.assemble("test", pieces), { key, sizeBytes: 4, sha256: digestsOf("film").sha256 });
      await store.drop([...pieces.map(({ name }) => name), "0".repeat(32)]);
      assert.deepEqual([await pieceNames(store), await text(store, key)], [[], "film"]);
      await store.remove(key);
      assert.deepEqual([await all(store), await fixture.leftovers()], [[], []]);
    });

    it("survive the sweep of temporary files", async () => {
      const pieces = await keep(store, undefined, "film");
      await store.sweep(-1);
      assert.equal(await text(store, (await store.assemble("test", pieces)).key), "film");
    });

    it("contain only kept bytes, and do not exist when no byte was kept", async () => {
      const writer = await store.piece();
      await writer.write(Buffer.from("lost"));
      await writer.close();
      await writer.close();
      assert.deepEqual(await pieceNames(store), []);

      const kept = await keep(store, undefined, "kept ");
      const again = await store.piece(kept.at(-1));
      await again.write(Buffer.from("lost"));
      await again.close();
      const pieces = await keep(store, kept.at(-1), "whole");
      assert.equal(await text(store, (await store.assemble("test", pieces)).key), "kept whole");
    });

    it("can be kept several times while they are being written", async () => {
      const writer = await store.piece();
      await writer.write(Buffer.from("one "));
      assert.equal(sizeOf(await writer.keep()), 4);
      await writer.write(Buffer.from("two"));
      const pieces = await writer.keep();
      assert.deepEqual([sizeOf(pieces), await writer.keep()], [7, pieces]);
      await writer.close();
      assert.equal(await text(store, (await store.assemble("test", pieces)).key), "one two");
    });

    it("are salvaged with their real length, or as undefined when they are missing", async () => {
      const [piece] = await keep(store, undefined, "film");
      assert.ok(piece);
      assert.equal(await store.salvage(piece.name), 4);
      await store.drop([piece.name]);
      assert.equal(await store.salvage(piece.name), undefined);
    });

    it("are refused with 503 when one is missing or shorter than counted", async () => {
      const [dropped, short] = [await keep(store, undefined, "gone"), await keep(store, undefined, "short")];
      await store.drop(dropped.map(({ name }) => name));
      const unavailable = { code: "kernel.storage_unavailable", http: 503 };
      const digests = digestsOf("gone");
      await assert.rejects(store.assemble("test", dropped, { knownDigests: digests }), unavailable);
      await assert.rejects(store.assemble("test", [...short, ...dropped], { knownDigests: digests }), unavailable);
      const longer = short.map((piece) => ({ ...piece, sizeBytes: 6 }));
      await assert.rejects(store.assemble("test", longer, { knownDigests: digests }), unavailable);
      await assert.rejects(store.assemble("test", [...longer, ...short]), unavailable);
      assert.deepEqual([await all(store), await fixture.leftovers()], [[], []]);
    });

    it("are refused with 503 when their bytes do not match the expected digests", async () => {
      const digests = { sha256: digestsOf("film").sha256 };
      const [one, other] = [await keep(store, undefined, "fi"), await keep(store, undefined, "mm")];
      await assert.rejects(store.assemble("test", [...one, ...other], { knownDigests: digests }), { http: 503 });
      await assert.rejects(store.assemble("test", one, { knownDigests: digests, also: ["md5"] }), { http: 503 });
      assert.deepEqual([await all(store), await fixture.leftovers()], [[], []]);
    });

    it("are refused when one differs from the digest recorded at its arrival (R5)", async () => {
      const withDigest = async (bytes: string, of = bytes): Promise<Piece[]> =>
        (await keep(store, undefined, bytes)).map((piece) => ({ ...piece, sha256: digestsOf(Buffer.from(of)).sha256 }));
      const [one, two, lost] = [await withDigest("one"), await withDigest("two"), await withDigest("three", "three!")];
      assert.equal(await text(store, (await store.assemble("test", [...one, ...two])).key), "onetwo");
      for (const pieces of [lost, [...lost, ...one], [...one, ...lost], [...one, ...lost, ...two]])
        await assert.rejects(store.assemble("test", pieces), { code: "kernel.storage_unavailable" });
      assert.deepEqual(await Array.fromAsync(store.list("test"), ({ key }) => key), [
        `test/${digestsOf(Buffer.from("onetwo")).sha256}`,
      ]);
    });

    it("contribute only their counted bytes, also when they are continued", async () => {
      const [piece] = await keep(store, undefined, "film and more");
      assert.ok(piece);
      const { key } = await store.assemble("test", [{ ...piece, sizeBytes: 4 }]);
      assert.equal(await text(store, key), "film");
      const pieces = await keep(store, { ...piece, sizeBytes: 4 }, "s");
      assert.equal(await text(store, (await store.assemble("test", pieces)).key), "films");
    });

    it("can be continued without changing an object made of them", async () => {
      const [piece] = await keep(store, undefined, "film");
      assert.ok(piece);
      const { key } = await store.assemble("test", [piece]);
      const pieces = await keep(store, { ...piece, sizeBytes: 2 }, "xx");
      assert.equal(await text(store, key), "film");
      assert.equal(await text(store, (await store.assemble("test", pieces)).key), "fixx");
    });

    it("update the time of an existing object with the same content", async () => {
      const pieces = await keep(store, undefined, "film");
      const before = await changedAt(store, await put(store, "film"));
      await until(async () => {
        const { key } = await store.assemble("test", pieces);
        return (await changedAt(store, key)) > before;
      });
    });

    it("refuse invalid names in every method (S4.1)", async () => {
      for (const name of ["../x", "", "/etc/passwd", "A".repeat(32), "0".repeat(31), `${"0".repeat(32)}/x`]) {
        const piece = { name, sizeBytes: 1 };
        await assert.rejects(async () => store.piece(piece), TypeError, name);
        await assert.rejects(async () => store.salvage(name), TypeError, name);
        await assert.rejects(async () => store.drop([name]), TypeError, name);
        await assert.rejects(async () => store.assemble("test", [piece]), TypeError, name);
      }
    });

    it("are kept completely when they are larger than 20 MiB", async () => {
      const chunk = randomBytes(2 ** 20);
      const writer = await store.piece();
      for (let n = 0; n < 20; n++) await writer.write(chunk);
      const pieces = await writer.keep();
      await writer.write(Buffer.from("end"));
      const more = await writer.keep();
      await writer.close();
      assert.equal(sizeOf(pieces), 20 * 2 ** 20);
      const whole = Buffer.concat([...Array.from({ length: 20 }, () => chunk), Buffer.from("end")]);
      const { sha256, sizeBytes } = await store.assemble("test", more);
      assert.deepEqual([sha256, sizeBytes], [digestsOf(whole).sha256, whole.byteLength]);
    });
  });
