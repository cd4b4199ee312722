import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ofWeek, runningTotals } from "./series.ts";

const series = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });

describe("a series of days", () => {
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

  it("counts seven days as a week", () => {
    assert.equal(ofWeek([100, 1, 1, 1, 1, 1, 1, 1]), 7);
    assert.equal(ofWeek([2]), 2);
  });
});
