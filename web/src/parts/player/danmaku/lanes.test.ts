import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { crossingS, type Flown, laneOf, leftAt } from "./lanes.ts";

describe("the lanes of timed comments", () => {
  it("move a comment from the right edge to beyond the left edge", () => {
    const one = { startS: 10, widthPx: 200 };
    assert.equal(leftAt(one, 10, 1_000), 1_000);
    assert.equal(leftAt(one, 10 + crossingS, 1_000), -200);
  });

  it("never let two comments of a lane overlap", () => {
    const flown = fc.record({
      startS: fc.double({ min: 0, max: 30, noNaN: true }),
      widthPx: fc.integer({ min: 10, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(flown, { maxLength: 40 }), fc.integer({ min: 320, max: 1_920 }), (given, viewPx) => {
        const lanes: Flown[][] = [[], [], []];
        for (const next of given.toSorted((a, b) => a.startS - b.startS)) {
          const lane = laneOf(
            lanes.map((all) => all.at(-1)),
            next,
            viewPx,
          );
          if (lane !== undefined) lanes[lane]?.push(next);
        }
        for (const all of lanes)
          for (const [place, later] of all.entries()) {
            const before = all[place - 1];
            if (!before) continue;
            for (let timeS = later.startS; timeS <= before.startS + crossingS; timeS += 0.25)
              assert.ok(leftAt(before, timeS, viewPx) + before.widthPx <= leftAt(later, timeS, viewPx) + 1e-6);
          }
      }),
    );
  });
});
