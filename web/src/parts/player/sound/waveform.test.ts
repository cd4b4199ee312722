import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { factorOf } from "./loudness.ts";
import { barsOf, peaksIn } from "./waveform.ts";

describe("a waveform", () => {
  it("contains the numeric peaks of the server's data, and none when the data is malformed", () => {
    assert.deepEqual(peaksIn('{"peak_ms":20,"peaks":[0,255,"x",7]}'), [0, 255, 7]);
    for (const text of ["", "null", "[]", "{}", '{"peaks":7}']) assert.deepEqual(peaksIn(text), []);
  });

  it("has one bar per section, scaled by its peak relative to the loudest peak", () => {
    assert.deepEqual(barsOf([0, 50, 100, 25], 2), [0.5, 1]);
    assert.deepEqual(barsOf([0, 0], 5), [0, 0]);
    const peaks = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(peaks, fc.integer({ min: 1, max: 200 }), (given, count) => {
        const bars = barsOf(given, count);
        assert.equal(bars.length, Math.min(count, given.length));
        assert.ok(bars.every((bar) => bar >= 0 && bar <= 1));
        assert.equal(Math.max(...bars), Math.max(...given) > 0 ? 1 : 0);
      }),
    );
  });
});

describe("a gain", () => {
  it("is converted from decibels to an amplitude factor", () => {
    assert.deepEqual([factorOf(0), factorOf(20), factorOf(-20)], [1, 10, 0.1]);
  });
});
