import assert from "node:assert/strict";
import { test } from "node:test";
import { cushionOf, mustJump, paceOf } from "./pace.ts";

test("a picture that is late is played faster until it is at its place", () => {
  let behindS = 0.8;
  for (let seconds = 0; seconds < 20; seconds += 0.25) behindS -= (paceOf({ behindS, aheadS: 1 }) - 1) * 0.25;
  assert.ok(behindS <= 0.1 && behindS > 0, String(behindS));
});

test("a picture at its place, one whose buffer is short, and one the viewer has gone back to are played as they are", () => {
  assert.equal(paceOf({ behindS: 0.05, aheadS: 2 }), 1);
  assert.equal(paceOf({ behindS: -1, aheadS: 2 }), 1);
  assert.equal(paceOf({ behindS: 1, aheadS: 0.4 }), 1);
  assert.equal(paceOf({ behindS: 90, aheadS: 10 }), 1);
});

test("no pace is faster than what sounds the same", () => {
  for (let behindS = 0; behindS < 10; behindS += 0.1) assert.ok(paceOf({ behindS, aheadS: 5 }) <= 1.1);
});

test("a picture that fell far behind jumps to its place, one that the viewer has gone back to does not", () => {
  const fallen = { behindS: 6, isBack: false, sinceJumpMs: 10_000 };
  assert.equal(mustJump(fallen), true);
  assert.equal(mustJump({ ...fallen, behindS: 3 }), false, "it catches up by its pace");
  assert.equal(mustJump({ ...fallen, isBack: true }), false);
  assert.equal(mustJump({ ...fallen, sinceJumpMs: 1_000 }), false, "it has just jumped");
});

test("a picture that stalled is a little further behind for a minute, and never by more than a second", () => {
  assert.equal(cushionOf([], 0), 0);
  assert.equal(cushionOf([1_000, 2_000], 3_000), 0.5);
  assert.equal(cushionOf([1_000, 2_000], 61_500), 0.25);
  assert.equal(cushionOf([1_000, 2_000], 90_000), 0);
  assert.equal(
    cushionOf(
      Array.from({ length: 50 }, (_, n) => n),
      100,
    ),
    1,
  );
});
