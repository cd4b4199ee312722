import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { badgeOf, beginOf, levelMax, levelOf } from "./levels.ts";

describe("the levels of a fan club", () => {
  it("are 30, each beginning above the one before", () => {
    assert.equal(levelMax, 30);
    const begins = Array.from({ length: levelMax }, (_, n) => beginOf(n + 1) ?? -1);
    assert.equal(begins[0], 0);
    for (const [n, begin] of begins.entries()) assert.ok(n === 0 || begin > (begins[n - 1] ?? 0), `level ${n + 1}`);
    assert.deepEqual([beginOf(0), beginOf(31)], [null, null]);
  });

  it("begin exactly at their experience", () => {
    for (let level = 1; level <= levelMax; level++) {
      const begin = beginOf(level) ?? 0;
      assert.equal(levelOf(begin), level);
      if (level > 1) assert.equal(levelOf(begin - 1), level - 1);
    }
    assert.deepEqual([0, 9, 10, 1_050, 229_999, 9_999_999].map(levelOf), [1, 1, 2, 9, 29, 30]);
  });

  it("never fall as experience grows, and all have a badge", () => {
    const experience = fc.nat(400_000);
    fc.assert(
      fc.property(experience, experience, (a, b) => {
        assert.ok(levelOf(Math.min(a, b)) <= levelOf(Math.max(a, b)));
        assert.notEqual(badgeOf(levelOf(a)), "");
      }),
    );
    assert.deepEqual([0, 1, 5, 6, 30].map(badgeOf), ["", "Spark", "Spark", "Lantern", "Legend"]);
  });
});
