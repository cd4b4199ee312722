import assert from "node:assert/strict";
import { test } from "node:test";
import { sentLevelOf } from "./levels.ts";

test("the level that was sent is the largest with the same sound", () => {
  const levels = [
    { width: 426, height: 240, audioCodec: "opus" },
    { width: 426, height: 240, audioCodec: "mp4a.40.2" },
    { width: 1280, height: 720, audioCodec: "opus" },
    { width: 1280, height: 720, audioCodec: "mp4a.40.2" },
    { width: 854, height: 480, audioCodec: "opus" },
  ];
  assert.deepEqual([sentLevelOf(levels, 0), sentLevelOf(levels, 1), sentLevelOf(levels, 2)], [2, 3, 2]);
  assert.equal(sentLevelOf([], 0), -1);
});
