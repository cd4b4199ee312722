import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { officeEn } from "../i18n/office-en.ts";
import { officeZh } from "../i18n/office-zh.ts";
import { excerptText, heldForText } from "./server-words.ts";

describe("what the server says to moderators", () => {
  it("is a link or words, in the viewer's language, with the words as they are", () => {
    assert.equal(heldForText("link", officeEn), "a link");
    assert.equal(heldForText("link", officeZh), "链接");
    assert.equal(heldForText("word: spam$&, ca*", officeEn), "word: spam$&, ca*");
    assert.equal(heldForText("word: spam$&, ca*", officeZh), "关注词：spam$&, ca*");
    assert.equal(heldForText("something new", officeZh), "something new");
  });

  it("is the kind of a message that is no text, and everything else as it was said", () => {
    for (const [shape, chinese] of [
      ["picture", "（图片）"],
      ["video", "（视频）"],
      ["voice", "（语音）"],
    ] as const) {
      assert.equal(excerptText({ kind: "message", excerpt: `(${shape})` }, officeZh), chinese);
      assert.equal(excerptText({ kind: "comment", excerpt: `(${shape})` }, officeZh), `(${shape})`);
    }
    assert.equal(excerptText({ kind: "message", excerpt: "a (video)" }, officeZh), "a (video)");
    assert.equal(excerptText({ kind: "message", excerpt: "(voice)" }, officeEn), "(a voice message)");
  });
});
