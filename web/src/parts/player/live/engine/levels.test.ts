import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceLevelOf } from "./levels.ts";

test("the source level is the largest with the same audio codec", () => {
  const levels = [
    { width: 426, height: 240, audioCodec: "opus" },
    { width: 426, height: 240, audioCodec: "mp4a.40.2" },
    { width: 1280, height: 720, audioCodec: "opus" },
    { width: 1280, height: 720, audioCodec: "mp4a.40.2" },
    { width: 854, height: 480, audioCodec: "opus" },
  ];
  assert.deepEqual([sourceLevelOf(levels, 0), sourceLevelOf(levels, 1), sourceLevelOf(levels, 2)], [2, 3, 2]);
  assert.equal(sourceLevelOf([], 0), -1);
});
