import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { activeAt, playersAt, playersMax, visibleAt, wheelAtRest, wheelStep } from "./window.ts";

describe("the players of the feed", () => {
  it("are the settled video and the next two", () => {
    assert.deepEqual(playersAt(visibleAt(4, 20), 20), [4, 5, 6]);
  });

  it("include both videos on screen while one slides to the other", () => {
    assert.deepEqual(playersAt(visibleAt(4.4, 20), 20), [4, 5, 6]);
    assert.deepEqual(playersAt(visibleAt(3.6, 20), 20), [3, 4, 5]);
  });

  it("are those before at the end of the list", () => {
    assert.deepEqual(playersAt(visibleAt(9, 10), 10), [9, 8, 7]);
    assert.deepEqual(playersAt(visibleAt(0, 1), 1), [0]);
    assert.deepEqual(playersAt(visibleAt(0, 0), 0), []);
  });

  it("are never more than three, exist, differ, and contain the watched one", () => {
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
  it("moves one video for one notch", () => {
    assert.deepEqual(turn([[0, 100]]), [1]);
    assert.deepEqual(turn([[0, -100]]), [-1]);
  });

  it("moves one video for one flick with its long inertia", () => {
    const flick = Array.from({ length: 60 }, (_, n): [number, number] => [n * 16, 120 * 0.93 ** n]);
    assert.deepEqual(turn(flick), [1]);
  });

  it("moves again for a second notch, and for a second flick inside the inertia of the first", () => {
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
