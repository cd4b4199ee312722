import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bytesAt, chunkBytesFor, chunkCount, missingOf, rangesOf } from "./chunks.ts";

const mebibyte = 2 ** 20;

describe("chunks", () => {
  it("have five MiB, more for very large files, and never more than the chunk limit", () => {
    assert.equal(chunkBytesFor(1, 16 * mebibyte), 5 * mebibyte);
    assert.equal(chunkBytesFor(100_000 * mebibyte, 16 * mebibyte), 10 * mebibyte);
    assert.equal(chunkBytesFor(10 ** 15, 16 * mebibyte), 16 * mebibyte);
    assert.equal(chunkBytesFor(1, mebibyte), mebibyte);
  });

  it("add up to the file, without chunks before the first or after the last", () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), fc.integer({ min: 1, max: 700 }), (sizeBytes, chunkBytes) => {
        const count = chunkCount(sizeBytes, chunkBytes);
        const sizes = Array.from({ length: count }, (_, index) => bytesAt(index, sizeBytes, chunkBytes) ?? Number.NaN);
        assert.equal(
          sizes.reduce((sum, size) => sum + size, 0),
          sizeBytes,
        );
        assert.ok(sizes.every((size) => size > 0 && size <= chunkBytes));
        for (const index of [-1, -count - 1, count, count + 7])
          assert.equal(bytesAt(index, sizeBytes, chunkBytes), undefined);
      }),
    );
  });

  it("are reported as ranges of received and missing ones, up to the end of the file", () => {
    const indexes = fc.uniqueArray(fc.nat({ max: 40 })).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(indexes, fc.nat({ max: 30 }), (there, count) => {
        const all = (ranges: readonly { first: number; last: number }[]) =>
          ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
        assert.deepEqual(all(rangesOf(there)), there);
        const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !there.includes(index));
        assert.deepEqual(all(missingOf(there, count)), missing);
      }),
    );
  });
});
