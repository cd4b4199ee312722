import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { frameSize, isAutomatic } from "./frame.ts";

describe("a frame as a cover", () => {
  it("has the video's size and aspect ratio, with a longer side of at most 1920 pixels", () => {
    assert.deepEqual(frameSize(1280, 720), { width: 1280, height: 720 });
    assert.deepEqual(frameSize(2160, 3840), { width: 1080, height: 1920 });
    const side = fc.integer({ min: 16, max: 8192 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const size = frameSize(width, height);
        assert.ok(Math.max(size.width, size.height) <= 1920);
        assert.ok(Math.abs(size.width - (size.height * width) / height) <= 1 + width / height);
      }),
    );
  });

  it("is distinguished from an automatic cover by its address", () => {
    for (const url of ["", "/api/v1/streaming/7/g2/cover.jpg", "/api/v1/streaming/7/g2/cover.jpg?token=v.1"])
      assert.equal(isAutomatic(url), true);
    for (const url of ["/api/v1/streaming/7/g2/cover-5.webp?token=v.1", "https://a.example/b.jpg"])
      assert.equal(isAutomatic(url), false);
  });
});
