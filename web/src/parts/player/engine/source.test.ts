import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sourceOf } from "./source.ts";

describe("the source of a view", () => {
  it("is the kind of page that the viewer came from", () => {
    const cases = [
      ["/@mira", "profile"],
      ["/search", "search"],
      ["/tag/sea", "search"],
      ["/watch/7", "related"],
      ["/following", "following"],
      ["/hot", "feed"],
      ["/explore", "explore"],
      ["/", "explore"],
      ["/inbox/4", "share"],
      ["/studio", "other"],
      [null, "other"],
    ] as const;
    for (const [before, source] of cases) assert.equal(sourceOf(before, false), source, String(before));
  });

  it("is the playlist that is played, however it was found", () => {
    assert.equal(sourceOf("/search", true), "playlist");
  });
});
