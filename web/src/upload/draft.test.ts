import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Draft, emptyDraft, parseDraft, titleOf } from "./draft.ts";

describe("a draft", () => {
  it("comes back as it was stored", () => {
    const draft: Draft = {
      title: "春",
      description: "a\nb",
      visibility: "private",
      allowDownload: false,
      coverUrl: "/media/7/cover.webp",
      media: { id: 7, name: "a.mp4", sizeBytes: 12 },
    };
    assert.deepEqual(parseDraft(JSON.stringify(draft)), draft);
  });

  it("is empty where nothing usable was stored", () => {
    for (const text of [null, "", "{", "7", "null", "[]"]) assert.deepEqual(parseDraft(text), emptyDraft);
  });

  it("never takes a cover from elsewhere", () => {
    assert.equal(parseDraft('{"coverUrl":"https://evil.example/x.png"}').coverUrl, null);
    assert.equal(parseDraft('{"coverUrl":"//evil.example/x.png"}').coverUrl, null);
  });

  it("is read without a fault whatever stands there", () => {
    fc.assert(fc.property(fc.json(), (text) => void parseDraft(text)));
  });
});

describe("the first title", () => {
  it("is the file's name in words", () => {
    assert.equal(titleOf("my_summer-trip.final.mp4"), "my summer trip.final");
    assert.equal(titleOf("夏天.MOV"), "夏天");
    assert.equal(titleOf(`${"x".repeat(300)}.mp4`).length, 200);
  });
});
