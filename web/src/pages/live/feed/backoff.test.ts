import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backoffMs, LikeSum } from "./backoff.ts";

describe("backoffMs", () => {
  it("doubles with each failure up to a quarter of a minute, with half of it at random", () => {
    assert.deepEqual(
      [0, 1, 2, 3, 10, 99].map((failures) => backoffMs(failures, 0)),
      [250, 500, 1_000, 2_000, 7_500, 7_500],
    );
    assert.ok(backoffMs(0, 0.999) < 500);
  });
});

describe("LikeSum", () => {
  it("sends the first like immediately and the others once a second, at most 50 at a time", (test) => {
    test.mock.timers.enable({ apis: ["setTimeout"] });
    const sent: number[] = [];
    const likes = new LikeSum((count) => sent.push(count) > 0);
    likes.add();
    assert.deepEqual(sent, [1]);
    for (let n = 0; n < 60; n += 1) likes.add();
    assert.deepEqual(sent, [1]);
    test.mock.timers.tick(1_000);
    assert.deepEqual(sent, [1, 50]);
    test.mock.timers.tick(1_000);
    assert.deepEqual(sent, [1, 50, 10]);
    test.mock.timers.tick(5_000);
    assert.deepEqual(sent, [1, 50, 10]);
  });

  it("keeps likes while there is no connection", () => {
    let isConnected = false;
    const sent: number[] = [];
    const likes = new LikeSum((count) => isConnected && sent.push(count) > 0);
    likes.add();
    likes.add();
    isConnected = true;
    likes.flush();
    assert.deepEqual(sent, [2]);
    likes.stop();
  });
});
