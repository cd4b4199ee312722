import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hasToken, isSameGeneration, streamOf, withTokenOf } from "./playback-address.ts";

describe("the address of a stream", () => {
  it("identifies its stream without the token", () => {
    assert.equal(streamOf("/api/v1/streaming/7/master.m3u8?token=v.7.1.0.x.y"), "/api/v1/streaming/7/master.m3u8");
    assert.equal(streamOf("/api/v1/streaming/7/master.m3u8"), "/api/v1/streaming/7/master.m3u8");
  });

  it("passes its token to addresses with a token, and leaves addresses without one unchanged", () => {
    const newer = "/a/master.m3u8?token=new$&1";
    assert.equal(withTokenOf(newer, "https://x/a/g1/480p.mp4?token=old"), "https://x/a/g1/480p.mp4?token=new$");
    assert.equal(withTokenOf("/a?token=n", "/b?x=1&token=o&y=2"), "/b?x=1&token=n&y=2");
    assert.equal(withTokenOf("/a?token=n", "/b"), "/b");
    assert.equal(withTokenOf("/a", "/b?token=o"), "/b?token=o");
    assert.deepEqual([hasToken("/a?token=n"), hasToken("/a")], [true, false]);
  });

  it("has another generation when its token names another one or is missing", () => {
    const of = (generation: string) => `/a?token=v.7.${generation}.0.1.s`;
    assert.deepEqual([isSameGeneration(of("1"), of("1")), isSameGeneration(of("1"), of("2"))], [true, false]);
    assert.deepEqual([isSameGeneration(of("1"), "/a"), isSameGeneration("/a", "/a")], [false, true]);
  });
});
