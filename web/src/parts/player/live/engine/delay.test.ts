import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { delayOf, isAtEdge, retryAfterMs } from "./delay.ts";

describe("how far behind a live stream a viewer is", () => {
  const nowMs = 1_000_000;

  it("is the age of the frame that is shown", () => {
    assert.equal(delayOf({ latencyS: 1, playingMs: nowMs - 1_250, nowMs }), 1.25);
  });

  it("is the distance from the end of the playlist where the device's clock is wrong, or the stream states no time", () => {
    assert.equal(delayOf({ latencyS: 1, playingMs: nowMs - 60_000, nowMs }), 1);
    assert.equal(delayOf({ latencyS: 1, playingMs: nowMs + 60_000, nowMs }), 1);
    assert.equal(delayOf({ latencyS: 1.5, playingMs: undefined, nowMs }), 1.5);
  });

  it("is never negative", () => {
    assert.equal(delayOf({ latencyS: -2, playingMs: undefined, nowMs }), 0);
    assert.equal(delayOf({ latencyS: 0, playingMs: nowMs + 100, nowMs }), 0);
  });

  it("is at the edge up to three seconds while it plays", () => {
    assert.equal(isAtEdge(3, true), true);
    assert.equal(isAtEdge(3.1, true), false);
    assert.equal(isAtEdge(1, false), false);
    assert.equal(isAtEdge(null, true), false);
  });
});

it("a stream that was lost is asked for again after longer and longer pauses of at most three seconds", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 50].map(retryAfterMs), [500, 1_000, 2_000, 3_000, 3_000, 3_000]);
});
