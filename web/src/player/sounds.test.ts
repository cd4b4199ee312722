import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { soundAfter } from "./sounds.ts";

describe("the next sound", () => {
  const sounds = [4, 7, 9].map((index) => ({ index, language: "", label: String(index) }));

  it("is the one after the chosen, and after the last the first", () => {
    assert.deepEqual(
      [4, 7, 9].map((chosen) => soundAfter(sounds, chosen)),
      [7, 9, 4],
    );
  });

  it("is the first while none is known to be chosen", () => assert.equal(soundAfter(sounds, -1), 4));

  it("is none where there is no other", () => {
    assert.equal(soundAfter(sounds.slice(0, 1), 4), null);
    assert.equal(soundAfter([], 0), null);
  });
});
