import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { growthOf, roundUp, seriesOf } from "./figures.ts";

describe("a figure of analytics", () => {
  const day = (views: number, seconds = 0) => ({ date: "", views, watch_time: seconds });

  it("is compared with the days before, where the longer series has all of them", () => {
    const longer = [day(9), day(1), day(2), day(3, 30), day(0, 5)];
    assert.deepEqual(seriesOf("views", longer.slice(-2), longer), { current: [3, 0], previous: [1, 2] });
    assert.deepEqual(seriesOf("average", longer.slice(-2), longer).current, [10, 0]);
    assert.deepEqual(seriesOf("watchTime", longer.slice(-3), longer), { current: [0, 30, 5], previous: [] });
    assert.deepEqual(seriesOf("views", longer, longer).previous, []);
  });

  it("grows by a part of what it was before, and by nothing that can be named from zero", () => {
    assert.equal(growthOf(3, 2), 0.5);
    assert.equal(growthOf(0, 2), -1);
    assert.equal(growthOf(3, 0), undefined);
  });

  it("has an axis that ends at a round number, not below it and not above ten times of it", () => {
    assert.deepEqual([0, 1, 3, 5, 12, 61, 100].map(roundUp), [2, 2, 4, 6, 20, 100, 100]);
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), (value) => {
        const top = roundUp(value);
        assert.ok(top >= value && top <= 3 * value + 1, `${value}: ${top}`);
      }),
    );
  });
});
