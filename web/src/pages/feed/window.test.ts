import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { activeAt, playersAt, playersMax, visibleAt, wheelAtRest, wheelStep } from "./window.ts";

describe("the players of the feed", () => {
  it("cover the settled video and the next two", () => {
    assert.deepEqual(playersAt(visibleAt(4, 20), 20), [4, 5, 6]);
  });

  it("cover both visible videos while one scrolls to the other", () => {
    assert.deepEqual(playersAt(visibleAt(4.4, 20), 20), [4, 5, 6]);
    assert.deepEqual(playersAt(visibleAt(3.6, 20), 20), [3, 4, 5]);
  });

  it("cover the previous videos at the end of the list", () => {
    assert.deepEqual(playersAt(visibleAt(9, 10), 10), [9, 8, 7]);
    assert.deepEqual(playersAt(visibleAt(0, 1), 1), [0]);
    assert.deepEqual(playersAt(visibleAt(0, 0), 0), []);
  });

  it("are at most three, distinct, within the list, and include the active video", () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 60, noNaN: true }), fc.integer({ min: 1, max: 50 }), (position, count) => {
        const players = playersAt(visibleAt(position, count), count);
        assert.ok(players.length <= playersMax);
        assert.equal(new Set(players).size, players.length);
        assert.ok(players.every((index) => index >= 0 && index < count));
        assert.ok(players.includes(activeAt(position, count)));
      }),
    );
  });
});

describe("the wheel", () => {
  it("moves the feed by one video per notch, in either direction", () => {
    assert.deepEqual(turn([[0, 100]]), [1]);
    assert.deepEqual(turn([[0, -100]]), [-1]);
  });

  it("moves the feed by one video for a flick with long inertia", () => {
    const flick = Array.from({ length: 60 }, (_, n): [number, number] => [n * 16, 120 * 0.93 ** n]);
    assert.deepEqual(turn(flick), [1]);
  });

  it("moves the feed again for a second notch, and for a second flick during the inertia of the first", () => {
    assert.deepEqual(
      turn([
        [0, 100],
        [200, 100],
      ]),
      [1, 1],
    );
    const inertia = Array.from({ length: 35 }, (_, n): [number, number] => [n * 16, 80 * 0.9 ** n]);
    assert.deepEqual(turn([...inertia, [576, 90]]), [1, 1]);
  });
});

function turn(events: readonly (readonly [atMs: number, deltaPx: number])[]): number[] {
  const steps: number[] = [];
  let state = wheelAtRest;
  for (const [atMs, deltaPx] of events) {
    const result = wheelStep(state, deltaPx, atMs);
    state = result.state;
    if (result.step !== 0) steps.push(result.step);
  }
  return steps;
}
