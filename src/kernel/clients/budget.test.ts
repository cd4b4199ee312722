import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Budget } from "./budget.ts";

describe("a budget", () => {
  it("is spent at once, and refilled with time", () => {
    const budget = new Budget({ burst: 10, perSecond: 2 }, 0);
    assert.equal(budget.spend(10, 0), 0);
    assert.equal(budget.spend(1, 0), 500);
    assert.equal(budget.spend(0, 500), 0);
    assert.equal(budget.spendAvailable(5, 2_000), 3);
  });

  it("never allows more than the burst and the rate over any time, and no less", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ ms: fc.nat(2_000), units: fc.nat(50) }), { minLength: 1 }), (steps) => {
        const budget = new Budget({ burst: 20, perSecond: 10 }, 0);
        let nowMs = 0;
        let spent = 0;
        for (const { ms, units } of steps) {
          nowMs += ms;
          spent += budget.spendAvailable(units, nowMs);
          assert.ok(spent <= 20 + nowMs / 100);
        }
        assert.equal(budget.spendAvailable(20, nowMs + 2_000), 20);
      }),
    );
  });
});
