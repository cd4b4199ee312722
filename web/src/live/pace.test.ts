import assert from "node:assert/strict";
import { test } from "node:test";
import { paceOf } from "./pace.ts";

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
