import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { before, moveItem, placeAt } from "./order.ts";

describe("the order of a playlist", () => {
  it("accepts moves up and down, and clamps moves beyond its ends", () => {
    assert.deepEqual(moveItem(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
    assert.deepEqual(moveItem(["a", "b", "c"], 2, 0), ["c", "a", "b"]);
    assert.deepEqual(moveItem(["a", "b", "c"], 1, -5), ["b", "a", "c"]);
    assert.deepEqual(moveItem(["a", "b", "c"], 1, 9), ["a", "c", "b"]);
    assert.deepEqual(moveItem(["a"], 4, 0), ["a"]);
  });

  it("holds a moved item at its target, and is restored by the reverse move", () => {
    const cases = fc.array(fc.integer(), { minLength: 1 }).chain((list) => {
      const place = fc.nat(list.length - 1);
      return fc.tuple(fc.constant(list), place, place);
    });
    fc.assert(
      fc.property(cases, ([list, from, to]) => {
        const next = moveItem(list, from, to);
        assert.equal(next[to], list[from]);
        assert.deepEqual(moveItem(next, to, from), list);
      }),
    );
  });

  it("gives the item before a position, and none before the first", () => {
    assert.equal(before(["a", "b"], 0), undefined);
    assert.equal(before(["a", "b"], 1), "a");
  });

  it("positions a dragged row by the midpoints of the other rows", () => {
    const middles = [10, 30, 50];
    assert.deepEqual([placeAt(middles, 0, 5), placeAt(middles, 0, 35), placeAt(middles, 0, 99)], [0, 1, 2]);
    assert.deepEqual([placeAt(middles, 2, 5), placeAt(middles, 2, 25), placeAt(middles, 2, 45)], [0, 1, 2]);
  });
});
