import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adminEn } from "#base/i18n/en/admin-en.ts";
import { adminZh } from "#base/i18n/zh/admin-zh.ts";
import { excerptText, heldForText } from "./server-words.ts";

describe("a moderation text of the server", () => {
  it("is translated when it is a known reason for holding a post, with blocklist terms unchanged", () => {
    assert.equal(heldForText("link", adminEn), "a link");
    assert.equal(heldForText("link", adminZh), "链接");
    assert.equal(heldForText("word: spam$&, ca*", adminEn), "word: spam$&, ca*");
    assert.equal(heldForText("word: spam$&, ca*", adminZh), "关注词：spam$&, ca*");
    assert.equal(heldForText("something new", adminZh), "something new");
  });

  it("is translated when it is the media kind of a message, and is otherwise unchanged", () => {
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
