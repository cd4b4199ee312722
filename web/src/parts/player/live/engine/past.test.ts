import assert from "node:assert/strict";
import { test } from "node:test";
import { pastOf } from "./past.ts";

test("a viewer can go back as far as the stream has segments", () => {
  assert.deepEqual(pastOf(100, 0.5, 159.5), { lengthS: 60, backS: 0.5 });
  assert.deepEqual(pastOf(100, 40, 120), { lengthS: 60, backS: 40 });
});

test("a picture before its place is at the edge, and one that the stream has no longer is at the begin", () => {
  assert.equal(pastOf(100, -0.2, 160.2)?.backS, 0);
  assert.equal(pastOf(100, 70, 90)?.backS, 60);
});

test("a stream that has only its newest seconds has no past", () => {
  assert.equal(pastOf(100, 1, 112), null);
  assert.equal(pastOf(undefined, 1, 112), null);
  assert.equal(pastOf(100, null, 200), null);
});
