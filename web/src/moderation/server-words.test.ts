import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adminEn } from "../i18n/admin-en.ts";
import { adminZh } from "../i18n/admin-zh.ts";
import { excerptText, heldForText } from "./server-words.ts";

describe("the server's reason for moderators", () => {
  it("is a link or words, in the viewer's language, with the words as they are", () => {
    assert.equal(heldForText("link", adminEn), "a link");
    assert.equal(heldForText("link", adminZh), "链接");
    assert.equal(heldForText("word: spam$&, ca*", adminEn), "word: spam$&, ca*");
    assert.equal(heldForText("word: spam$&, ca*", adminZh), "关注词：spam$&, ca*");
    assert.equal(heldForText("something new", adminZh), "something new");
  });

  it("is the kind of a message that is no text, and everything else as it was said", () => {
    for (const [shape, chinese] of [
      ["picture", "（图片）"],
      ["video", "（视频）"],
      ["voice", "（语音）"],
    ] as const) {
      assert.equal(excerptText({ kind: "message", excerpt: `(${shape})` }, adminZh), chinese);
      assert.equal(excerptText({ kind: "comment", excerpt: `(${shape})` }, adminZh), `(${shape})`);
    }
    assert.equal(excerptText({ kind: "message", excerpt: "a (video)" }, adminZh), "a (video)");
    assert.equal(excerptText({ kind: "message", excerpt: "(voice)" }, adminEn), "(a voice message)");
  });
});
