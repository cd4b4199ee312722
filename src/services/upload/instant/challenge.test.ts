import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { answerTo, isAnswered, newChallenge } from "./challenge.ts";

describe("a challenge", () => {
  it("requests four ranges within the file, and all of a small file (S4.6)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 44 }), (sizeBytes) => {
        const { offsets, length, nonce } = newChallenge(sizeBytes, randomBytes);
        assert.match(nonce, /^[0-9a-f]{32}$/);
        assert.equal(length, Math.min(65_536, sizeBytes));
        assert.equal(offsets.length, sizeBytes <= 65_536 ? 1 : 4);
        for (const offset of offsets) assert.ok(offset >= 0 && offset + length <= sizeBytes);
      }),
    );
  });

  it("requests different ranges each time, from the whole file", () => {
    const sizeBytes = 2 ** 40;
    const offsets = Array.from({ length: 50 }, () => newChallenge(sizeBytes, randomBytes).offsets).flat();
    assert.equal(new Set(offsets).size, offsets.length);
    for (const quarter of [0, 1, 2, 3]) assert.ok(offsets.some((offset) => Math.floor(offset / 2 ** 38) === quarter));
  });

  it("accepts the answers for exactly its ranges in order", () => {
    const ranges = [1, 2, 3, 4].map((n) => Buffer.alloc(10, n));
    const expected = ranges.map((range) => answerTo("00ff", range));
    assert.equal(isAnswered(expected, expected), true);
    for (const answers of [
      [],
      expected.slice(0, 3),
      [...expected, ...expected.slice(0, 1)],
      expected.toReversed(),
      ...expected.map((_, place) => expected.with(place, answerTo("00fe", ranges[place] ?? Buffer.alloc(0)))),
    ])
      assert.equal(isAnswered(expected, answers), false);
  });
});
