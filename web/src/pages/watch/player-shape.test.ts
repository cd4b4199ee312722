import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { playerRatio } from "./player-shape.ts";

describe("the aspect ratio of the player", () => {
  it("is the video's own", () => {
    assert.equal(playerRatio(720, 1280), 720 / 1280);
    assert.equal(playerRatio(1000, 1000), 1);
  });

  it("is 16:9 while the size is unknown, and limited to 21:9 and 9:21", () => {
    assert.equal(playerRatio(0, 0), 16 / 9);
    assert.equal(playerRatio(Number.NaN, 5), 16 / 9);
    assert.equal(playerRatio(10_000, 10), 21 / 9);
    assert.equal(playerRatio(10, 10_000), 9 / 21);
  });
});
