import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { en } from "../i18n/en.ts";
import { reasonText } from "./reason.ts";

const user = { nickname: "Alana Costa", username: "alana" };

describe("the reason for a video in a feed", () => {
  it("names the tag of a content reason, where there is one", () => {
    assert.deepEqual(reasonText({ reason: "content", tag: "trains", user }), {
      key: "feed.reason.tag",
      values: { tag: "trains" },
    });
    assert.equal(reasonText({ reason: "content", tag: null, user }).key, "feed.reason.content");
  });

  it("names the followed author, by username where there is no other name", () => {
    assert.deepEqual(reasonText({ reason: "follow", tag: null, user }).values, { name: "Alana Costa" });
    assert.deepEqual(reasonText({ reason: "follow", tag: null, user: { ...user, nickname: "" } }).values, {
      name: "alana",
    });
  });

  it("has a text for every reason", () => {
    for (const reason of ["hot", "follow", "content", "similar", "fresh"] as const)
      assert.ok(en[reasonText({ reason, tag: null, user }).key] !== "", reason);
  });
});
