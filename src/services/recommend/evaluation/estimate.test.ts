import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "#test/random";
import { Estimator, isEnough, type Observation, weightMax } from "./estimate.ts";

describe("the estimate of an order", () => {
  it("is the mean utility by weights, with as many effective places as their spread leaves", () => {
    const { interval: _, ...estimate } = estimated([
      { userId: 1, weight: 2, utility: 1 },
      { userId: 1, weight: 0, utility: 5 },
      { userId: 2, weight: 1, utility: -0.5 },
    ]);
    // (2 · 1 − 0.5) / 3, and 3² / (2² + 1²).
    assert.deepEqual(estimate, { places: 3, users: 2, value: 0.5, effectivePlaces: 1.8, clippedPlaces: 0 });
  });

  it("is the plain mean where all weights are 1", () => {
    const utilities = [1, -0.6, 0, 0, 2.5, 1];
    const { value, effectivePlaces } = estimated(
      utilities.map((utility, n) => ({ userId: n % 3, weight: 1, utility })),
    );
    assert.ok(Math.abs(value - 3.9 / 6) < 1e-12);
    assert.equal(effectivePlaces, 6);
  });

  it("cuts a weight that would outweigh all others", () => {
    const { value, clippedPlaces } = estimated([
      { userId: 1, weight: 1_000_000, utility: 1 },
      { userId: 2, weight: weightMax, utility: 0 },
    ]);
    assert.deepEqual([value, clippedPlaces], [0.5, 1]);
  });

  it("has an interval that users make, not their places", () => {
    assert.deepEqual(
      estimated([
        { userId: 1, weight: 1, utility: 0 },
        { userId: 2, weight: 1, utility: 1 },
      ]).interval,
      [0, 1],
    );
    assert.deepEqual(
      estimated([
        { userId: 1, weight: 3, utility: 0.4 },
        { userId: 2, weight: 1, utility: 0.4 },
      ]).interval.map((end) => end.toFixed(6)),
      ["0.400000", "0.400000"],
    );
    const alike = Array.from({ length: 40 * 50 }, (_, n) => ({ userId: n % 40, weight: 1, utility: (n % 40) % 2 }));
    const [low, high] = estimated(alike).interval;
    // 2 · 1.96 · 0.5 / √40 is 0.31; with 2,000 places of their own it would be 0.04.
    assert.ok(high - low > 0.22 && high - low < 0.4, `${low} to ${high}`);
  });

  it("is too small without a hundred effective places of ten users", () => {
    const of = (users: number, places: number) => {
      const estimator = new Estimator();
      for (let n = 0; n < places; n++) estimator.add({ userId: n % users, weight: 1, utility: 1 });
      return isEnough(estimator.estimate(random()));
    };
    assert.deepEqual([of(10, 100), of(9, 100), of(10, 99)], [true, false, false]);
    const nothing = new Estimator().estimate(random());
    assert.deepEqual([isEnough(nothing), nothing.value, nothing.effectivePlaces], [false, Number.NaN, 0]);
  });
});

function random(): () => number {
  const numbers = new Random(7);
  return () => numbers.next();
}

function estimated(observations: readonly Observation[]) {
  const estimator = new Estimator();
  for (const one of observations) estimator.add(one);
  const { low, high, ...estimate } = estimator.estimate(random());
  return { ...estimate, interval: [low, high] as const };
}
