import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { rankBetween } from "./ranks.ts";

describe("the rank between two others", () => {
  it("is between both, and undefined when these are adjacent", () => {
    const rank = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
    fc.assert(
      fc.property(rank, rank, (a, b) => {
        fc.pre(a !== b);
        const [below, above] = [Math.min(a, b), Math.max(a, b)];
        const rank = rankBetween(above, below);
        if (rank === undefined) assert.equal(above - below, 1);
        else assert.ok(below < rank && rank < above);
      }),
    );
  });

  it("is beyond a single neighbour, and zero without neighbours", () => {
    assert.ok((rankBetween(5, undefined) ?? 9) < 5);
    assert.ok((rankBetween(undefined, 5) ?? 0) > 5);
    assert.equal(rankBetween(undefined, undefined), 0);
  });
});
