import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Positions, remember } from "./memory.ts";

describe("remembered positions", () => {
  it("hold whole seconds, one entry per video, the latest last", () => {
    const before: Positions = [
      [1, 10],
      [2, 20],
    ];
    assert.deepEqual(remember(before, 1, 33.7, 100), [
      [2, 20],
      [1, 33],
    ]);
  });

  it("drop a video that has just started or is nearly over", () => {
    assert.deepEqual(remember([[1, 30]], 1, 2, 100), []);
    assert.deepEqual(remember([[1, 30]], 1, 97, 100), []);
  });

  it("hold the latest 100 videos, and drop older ones", () => {
    let positions: Positions = [];
    for (let id = 1; id <= 120; id++) positions = remember(positions, id, 50, 100);
    assert.equal(positions.length, 100);
    assert.equal(positions[0]?.[0], 21);
  });
});
