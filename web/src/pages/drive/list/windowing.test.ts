import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { rowCount, scrollFor, placesIn, windowOf } from "./windowing.ts";

describe("the window over a long list", () => {
  it("draws the visible rows and eight spare rows on each side", () => {
    const shape = { count: 20_000, columns: 1, rowHeight: 50 };
    assert.deepEqual(windowOf(shape, 0, 500), { first: 0, last: 18 });
    assert.deepEqual(windowOf(shape, 50_000, 500), { first: 992, last: 1_018 });
    assert.deepEqual(windowOf({ ...shape, columns: 4 }, 249_500, 500), { first: 4_982, last: 5_000 });
  });

  it("draws every visible row and at most 20 others", () => {
    const shapes = fc.record({ count: fc.nat(100_000), columns: fc.integer({ min: 1, max: 12 }), rowHeight: heights });
    fc.assert(
      fc.property(shapes, fc.integer({ min: -2_000, max: 9_000_000 }), heights, (shape, scrolled, height) => {
        const { first, last } = windowOf(shape, scrolled, height);
        assert.ok(first >= 0 && last <= rowCount(shape) && last >= first);
        assert.ok(last - first <= height / shape.rowHeight + 20);
        for (let row = Math.ceil(scrolled / shape.rowHeight); row * shape.rowHeight < scrolled + height; row++)
          if (row >= 0 && row < rowCount(shape)) assert.ok(row >= first && row < last, `row ${row}`);
      }),
    );
  });

  it("scrolls only as far as a row needs to become visible, and not for a visible row", () => {
    assert.equal(scrollFor({ rowHeight: 50 }, 4, 100, 500), null);
    assert.equal(scrollFor({ rowHeight: 50 }, 1, 100, 500), 50);
    assert.equal(scrollFor({ rowHeight: 50 }, 20, 100, 500), 550);
  });
});

describe("a rubber band", () => {
  it("contains the rows it touches", () => {
    const shape = { count: 10, columns: 1, rowHeight: 50 };
    assert.deepEqual(placesIn(shape, 400, 0, { left: 0, right: 10, top: 60, bottom: 149 }), [1, 2]);
    assert.deepEqual(placesIn(shape, 400, 0, { left: 0, right: 10, top: 480, bottom: 900 }), [9]);
  });

  it("contains the tiles it touches, and no tile where it touches only a gap", () => {
    const shape = { count: 7, columns: 3, rowHeight: 110 };
    const band = { left: 105, right: 205, top: 20, bottom: 120 };
    assert.deepEqual(placesIn(shape, 320, 10, band), [1, 4]);
    assert.deepEqual(placesIn(shape, 320, 10, { left: 0, right: 320, top: 220, bottom: 300 }), [6]);
  });
});

const heights = fc.integer({ min: 40, max: 1_200 });
