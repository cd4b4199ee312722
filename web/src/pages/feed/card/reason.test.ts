import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { en } from "#base/i18n/en.ts";
import { zh } from "#base/i18n/zh.ts";
import { reasonText } from "./reason.ts";

const user = { nickname: "Alana Costa", username: "alana" };
const none = { user, liked_by: [] };

describe("the reason for a video in a feed", () => {
  it("names the tag of a content reason, where there is one", () => {
    assert.deepEqual(reasonText({ reason: "content", tag: "trains", ...none }), {
      key: "feed.reason.tag",
      values: { tag: "trains" },
    });
    assert.equal(reasonText({ reason: "content", tag: null, ...none }).key, "feed.reason.content");
  });

  it("names the followed author, by username where there is no other name", () => {
    assert.deepEqual(reasonText({ reason: "follow", tag: null, ...none }).values, { name: "Alana Costa" });
    assert.deepEqual(
      reasonText({ reason: "follow", tag: null, user: { ...user, nickname: "" }, liked_by: [] }).values,
      {
        name: "alana",
      },
    );
  });

  it("names the first of the followed accounts that liked the video, before its author", () => {
    const [mira, noor] = [
      { nickname: "", username: "mira" },
      { nickname: "Noor", username: "noor" },
    ];
    const text = (likers: readonly (typeof noor)[]) =>
      reasonText({ reason: "follow", tag: null, user, liked_by: likers });
    assert.deepEqual(text([noor]), { key: "feed.reason.likedBy", values: { name: "Noor" } });
    assert.deepEqual(text([mira, noor]), { key: "feed.reason.likedByMany", values: { name: "mira" } });
    for (const language of [en, zh])
      for (const likers of [[noor], [noor, mira]]) assert.match(language[text(likers).key], /\{\{name\}\}/);
  });

  it("has a text for every reason", () => {
    for (const reason of ["hot", "follow", "content", "similar", "fresh"] as const)
      assert.ok(en[reasonText({ reason, tag: null, ...none }).key] !== "", reason);
  });
});
