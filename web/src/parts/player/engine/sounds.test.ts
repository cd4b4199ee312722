import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { soundAfter } from "./sounds.ts";

describe("the next audio track", () => {
  const sounds = [4, 7, 9].map((index) => ({ index, language: "", label: String(index) }));

  it("follows the chosen one, and is the first after the last", () => {
    assert.deepEqual(
      [4, 7, 9].map((chosen) => soundAfter(sounds, chosen)),
      [7, 9, 4],
    );
  });

  it("is the first when the chosen one is unknown", () => assert.equal(soundAfter(sounds, -1), 4));

  it("is null when there are fewer than two", () => {
    assert.equal(soundAfter(sounds.slice(0, 1), 4), null);
    assert.equal(soundAfter([], 0), null);
  });
});
