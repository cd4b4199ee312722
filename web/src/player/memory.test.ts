import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Positions, remember } from "./memory.ts";

describe("remembered positions", () => {
  it("keep whole seconds, the latest last, once per video", () => {
    const before: Positions = [
      [1, 10],
      [2, 20],
    ];
    assert.deepEqual(remember(before, 1, 33.7, 100), [
      [2, 20],
      [1, 33],
    ]);
  });

  it("forget a video that has just begun or is nearly over", () => {
    assert.deepEqual(remember([[1, 30]], 1, 2, 100), []);
    assert.deepEqual(remember([[1, 30]], 1, 97, 100), []);
  });

  it("keep a hundred and drop the oldest", () => {
    let positions: Positions = [];
    for (let id = 1; id <= 120; id++) positions = remember(positions, id, 50, 100);
    assert.equal(positions.length, 100);
    assert.equal(positions[0]?.[0], 21);
  });
});
