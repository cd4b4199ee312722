import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isView, type Look, type Watched, watchOn } from "./watched.ts";

describe("watched time", () => {
  it("counts the played seconds of the video, also at double speed", () => {
    assert.equal(watchedAfter(at0, [look(0.25, 250), look(0.5, 500)]), 0.5);
    assert.equal(watchedAfter(at0, [look(2, 1000, { rate: 2 })]), 2);
  });

  it("excludes seeks and jumps, and starts at zero from a resumed position", () => {
    assert.equal(watchedAfter(at0, [look(60, 10, { isSeek: true }), look(60.25, 260)]), 0.25);
    assert.equal(watchedAfter(at0, [look(0.25, 250), look(0.5, 260, { isSeek: true })]), 0.25);
    assert.equal(watchedAfter(at0, [look(60, 250), look(60.25, 500)]), 0.25);
    assert.equal(watchedAfter({ ...at0, positionS: 60 }, [look(60.5, 500)]), 0.5);
  });

  it("continues when the video starts again", () => {
    assert.equal(watchedAfter({ ...at0, seconds: 4, positionS: 5 }, [look(0, 250), look(0.25, 500)]), 4.25);
  });

  it("never decreases, and grows at most by the elapsed time plus half a second per update", () => {
    const moves = fc.array(fc.tuple(fc.double({ min: 0, max: 600, noNaN: true }), fc.nat({ max: 2000 }), fc.boolean()));
    fc.assert(
      fc.property(moves, (steps) => {
        let watched = at0;
        for (const [positionS, passedMs, isSeek] of steps) {
          const next = watchOn(watched, { positionS, atMs: watched.atMs + passedMs, rate: 1, isSeek });
          assert.ok(next.seconds >= watched.seconds);
          assert.ok(next.seconds - watched.seconds <= passedMs / 1000 + 0.5);
          watched = next;
        }
      }),
    );
  });
});

describe("the watched ranges", () => {
  const rangesAfter = (looks: readonly Look[]) => looks.reduce(watchOn, at0).ranges;

  it("join what was played without a break, and begin anew after a seek", () => {
    const looks = [look(0.25, 250), look(0.5, 500), look(30, 510, { isSeek: true }), look(30.5, 1_010)];
    assert.deepEqual(rangesAfter(looks), [
      [0, 0.5],
      [30, 30.5],
    ]);
  });

  it("are together as long as the watched time", () => {
    const moves = fc.array(fc.tuple(fc.double({ min: 0, max: 600, noNaN: true }), fc.nat({ max: 2000 }), fc.boolean()));
    fc.assert(
      fc.property(moves, (steps) => {
        let watched = at0;
        for (const [positionS, passedMs, isSeek] of steps)
          watched = watchOn(watched, { positionS, atMs: watched.atMs + passedMs, rate: 1, isSeek });
        const sum = watched.ranges.reduce((all, [from, to]) => all + to - from, 0);
        assert.ok(Math.abs(sum - watched.seconds) < 1e-6);
      }),
    );
  });
});

describe("a view", () => {
  it("requires three seconds, or about 30 % of a short video", () => {
    assert.equal(isView(2.9, 60), false);
    assert.equal(isView(3, 60), true);
    assert.equal(isView(1, 5), false);
    assert.equal(isView(1.6, 5), true);
  });

  it("requires three seconds while the duration is unknown", () => {
    assert.equal(isView(2, Number.NaN), false);
    assert.equal(isView(0, 0), false);
    assert.equal(isView(3, Number.NaN), true);
  });
});

const at0: Watched = { seconds: 0, ranges: [], positionS: 0, atMs: 0 };
const look = (positionS: number, atMs: number, part: Partial<Look> = {}): Look => ({
  positionS,
  atMs,
  rate: 1,
  isSeek: false,
  ...part,
});
const watchedAfter = (start: Watched, looks: Look[]) => looks.reduce(watchOn, start).seconds;
