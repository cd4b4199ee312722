import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { momentsMax, momentsOf } from "./frames.ts";

describe("the moments of a video", () => {
  it("are at most six, inside the video, in order and apart", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.04, max: 43_200, noNaN: true }), (durationS) => {
        const moments = momentsOf(durationS);
        assert.ok(moments.length >= 1 && moments.length <= momentsMax);
        for (const [place, atS] of moments.entries()) {
          assert.ok(atS >= 0 && atS <= durationS);
          assert.ok(place === 0 || atS > (moments[place - 1] ?? 0));
        }
      }),
    );
  });

  it("are the start alone where the length is unknown", () => {
    for (const durationS of [Number.NaN, Number.POSITIVE_INFINITY, 0]) assert.deepEqual(momentsOf(durationS), [0]);
  });
});
