import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { before, moved, placeAt } from "./order.ts";

describe("the order of a playlist", () => {
  it("moves one up, down and beyond the ends", () => {
    assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
    assert.deepEqual(moved(["a", "b", "c"], 2, 0), ["c", "a", "b"]);
    assert.deepEqual(moved(["a", "b", "c"], 1, -5), ["b", "a", "c"]);
    assert.deepEqual(moved(["a", "b", "c"], 1, 9), ["a", "c", "b"]);
    assert.deepEqual(moved(["a"], 4, 0), ["a"]);
  });

  it("loses and doubles nothing, and a move back undoes it", () => {
    const cases = fc.array(fc.integer(), { minLength: 1 }).chain((list) => {
      const place = fc.nat(list.length - 1);
      return fc.tuple(fc.constant(list), place, place);
    });
    fc.assert(
      fc.property(cases, ([list, from, to]) => {
        const next = moved(list, from, to);
        assert.equal(next[to], list[from]);
        assert.deepEqual(moved(next, to, from), list);
      }),
    );
  });

  it("knows what stands before a place", () => {
    assert.equal(before(["a", "b"], 0), undefined);
    assert.equal(before(["a", "b"], 1), "a");
  });

  it("follows a dragged row by the middles of the others", () => {
    const middles = [10, 30, 50];
    assert.deepEqual([placeAt(middles, 0, 5), placeAt(middles, 0, 35), placeAt(middles, 0, 99)], [0, 1, 2]);
    assert.deepEqual([placeAt(middles, 2, 5), placeAt(middles, 2, 25), placeAt(middles, 2, 45)], [0, 1, 2]);
  });
});
