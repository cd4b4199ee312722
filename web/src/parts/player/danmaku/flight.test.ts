import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Flight } from "./flight.ts";
import { crossingS, leftAt } from "./lanes.ts";

const viewPx = 1_000;

describe("messages over a live picture", () => {
  it("never touch in their lane, and leave when they have crossed", () => {
    const flight = new Flight<{ width: number }>();
    flight.clear(2);
    for (const width of [200, 400, 100, 300]) flight.add({ width }, 0);
    assert.deepEqual(
      flight.at(0, viewPx, 1).map(({ lane }) => lane),
      [0, 1],
    );
    for (let nowS = 0; nowS < crossingS * 2; nowS += 0.1) {
      const byLane = Map.groupBy(flight.at(nowS, viewPx, 1), ({ lane }) => lane);
      for (const [, own] of byLane)
        for (const [place, { flown }] of own.entries()) {
          const next = own[place + 1]?.flown;
          if (next !== undefined)
            assert.ok(leftAt(flown, nowS, viewPx) + flown.widthPx <= leftAt(next, nowS, viewPx) + 0.001);
        }
    }
    assert.equal(flight.isEmpty, true);
  });

  it("are left out where no lane is free in time", () => {
    const flight = new Flight<{ width: number }>();
    flight.clear(1);
    flight.add({ width: 900 }, 0);
    flight.at(0, viewPx, 1);
    flight.add({ width: 900 }, 0);
    assert.equal(flight.at(2.1, viewPx, 1).length, 1);
    assert.equal(flight.at(crossingS, viewPx, 1).length, 0);
    assert.equal(flight.isEmpty, true);
  });
});
