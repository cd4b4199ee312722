import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { partsOf } from "./plan.ts";

const mib = 2 ** 20;

describe("the parts of an object assembled from pieces", () => {
  it("cover every byte in order, within S3's limits of part sizes and number", () => {
    const length = fc.oneof(fc.integer({ min: 0, max: 20 * mib }), fc.integer({ min: 0, max: 5 * 2 ** 30 }));
    fc.assert(
      fc.property(fc.array(length, { maxLength: 60 }), (lengths) => {
        const parts = partsOf(lengths.map((length, n) => ({ key: String(n), from: 0, length })));
        const sizes = parts.map((part) => part.reduce((sum, { length }) => sum + length, 0));
        assert.ok(sizes.slice(0, -1).every((size) => size >= 5 * mib));
        assert.ok(parts.length <= 10_000);
        for (const [i, part] of parts.entries()) {
          assert.ok(part.every(({ length }) => length > 0));
          assert.ok(part.length === 1 ? (sizes[i] ?? 0) <= 5 * 2 ** 30 : (sizes[i] ?? 0) < 64 * mib);
        }
        const at = lengths.map(() => 0);
        let last = -1;
        for (const { key, from, length } of parts.flat()) {
          const n = Number(key);
          assert.ok(n >= last && from === at[n]);
          last = n;
          at[n] = from + length;
        }
        assert.deepEqual(at, lengths);
      }),
      { numRuns: 500 },
    );
  });

  it("are the pieces themselves when these are large enough", () => {
    const spans = [16, 5, 16, 1].map((size, n) => ({ key: String(n), from: 0, length: size * mib }));
    assert.deepEqual(
      partsOf(spans),
      spans.map((span) => [span]),
    );
  });

  it("are at most 10,000 for the largest files", () => {
    const spans = Array.from({ length: 12_000 }, (_, n) => ({ key: String(n), from: 0, length: 6 * mib }));
    assert.ok(partsOf(spans).length <= 10_000);
  });
});
