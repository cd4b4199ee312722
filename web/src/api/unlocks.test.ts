import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isOfVideo, parseUnlocks } from "./unlocks.ts";

describe("the unlock of a password-protected video", () => {
  it("is restored as it was stored, and ignored when its stored form is invalid", () => {
    assert.deepEqual(parseUnlocks('{"7":"a.b-c_9","8":"x"}'), { 7: "a.b-c_9", 8: "x" });
    for (const text of [null, "", "{", "7", "[]", '{"x":"a"}', '{"7":"a b"}', '{"7":"a\\r\\nx: y"}'])
      assert.deepEqual(parseUnlocks(text), {}, String(text));
  });

  it("applies only to paths of a single video", () => {
    for (const path of ["/videos/{id}", "/videos/{id}/like", "/streaming/{id}/address"])
      assert.ok(isOfVideo(path), path);
    for (const path of ["/users/{id}/videos", "/videos", "/streaming/media/{id}/address", "/media/{id}"])
      assert.ok(!isOfVideo(path), path);
  });
});
