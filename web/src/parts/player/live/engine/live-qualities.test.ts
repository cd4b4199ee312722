import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { liveQualities } from "./live-qualities.ts";

describe("the qualities of a live stream", () => {
  const level = (height: number, audioCodec: string) => ({ width: height * 2, height, audioCodec });

  it("are each there once, with the sound that is preferred", () => {
    const levels = [level(240, "mp4a.40.2"), level(240, "opus"), level(480, "opus"), level(480, "mp4a.40.2")];
    assert.deepEqual(liveQualities(levels), [
      { index: 2, heightPx: 480 },
      { index: 1, heightPx: 240 },
    ]);
  });

  it("are all that there are where no sound is preferred", () => {
    assert.deepEqual(liveQualities([level(240, "mp4a.40.2"), { width: 0, height: 0, audioCodec: "mp4a.40.2" }]), [
      { index: 0, heightPx: 240 },
    ]);
  });
});
