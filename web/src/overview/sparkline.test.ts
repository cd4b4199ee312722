import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ofWeek, runningTotals, sparkPoints } from "./sparkline.ts";

const series = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });

describe("a small chart", () => {
  it("ends with the total, and grows by what came on each day", () => {
    fc.assert(
      fc.property(series, fc.nat(1000), (counts, before) => {
        const total = before + counts.reduce((sum, count) => sum + count, 0);
        const totals = runningTotals(counts, total);
        assert.equal(totals.at(-1), total);
        for (const [at, count] of counts.entries()) assert.equal((totals[at] ?? 0) - (totals[at - 1] ?? before), count);
      }),
    );
  });

  it("stays in its box, with the highest value at the top", () => {
    fc.assert(
      fc.property(series, (values) => {
        const points = sparkPoints(values, 90, 28);
        for (const { x, y } of points) assert.ok(x >= 0 && x <= 90 + 1e-9 && y >= 0 && y <= 28);
        if (new Set(values).size > 1) assert.equal(points[values.indexOf(Math.max(...values))]?.y, 0);
      }),
    );
    assert.deepEqual(sparkPoints([4, 4], 10, 5), [
      { x: 0, y: 5 },
      { x: 10, y: 5 },
    ]);
  });

  it("counts seven days as a week", () => {
    assert.equal(ofWeek([100, 1, 1, 1, 1, 1, 1, 1]), 7);
    assert.equal(ofWeek([2]), 2);
  });
});
