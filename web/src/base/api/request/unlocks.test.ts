import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lockedSubject, parseUnlocks } from "./unlocks.ts";

describe("the unlock of a password-protected video or live room", () => {
  it("is restored as it was stored, and ignored when its stored form is invalid", () => {
    assert.deepEqual(parseUnlocks('{"7":"a.b-c_9","live/7":"x"}'), { 7: "a.b-c_9", "live/7": "x" });
    for (const text of [null, "", "{", "7", "[]", '{"x":"a"}', '{"7":"a b"}', '{"7":"a\\r\\nx: y"}'])
      assert.deepEqual(parseUnlocks(text), {}, String(text));
  });

  it("applies only to paths of a single video or live room, whose ids are apart", () => {
    for (const path of ["/videos/{id}", "/videos/{id}/like", "/streaming/{id}/address"])
      assert.equal(lockedSubject(path, 7), "7", path);
    for (const path of ["/lives/{id}", "/lives/{id}/playback"]) assert.equal(lockedSubject(path, 7), "live/7", path);
    assert.deepEqual(
      ["video", "live", "playlist"].map((kind) => lockedSubject("/gates/{kind}/{id}", 7, kind)),
      ["7", "live/7", "playlist/7"],
    );
    for (const path of [
      "/users/{id}/videos",
      "/videos",
      "/streaming/media/{id}/address",
      "/media/{id}",
      "/lives",
      "/users/{id}/lives",
    ])
      assert.equal(lockedSubject(path, 7), undefined, path);
  });
});
