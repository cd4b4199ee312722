import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { en } from "./en.ts";
import { errorText } from "./error-text.ts";
import { zh } from "./zh.ts";

describe("the text of an error", () => {
  it("is found by its stable code, in the viewer's language", () => {
    const error = { code: "media.empty", message: "the file has no bytes" };
    assert.equal(errorText(error, en), en["error.media.empty"]);
    assert.equal(errorText(error, zh), zh["error.media.empty"]);
  });

  it("falls back to the server's sentence, written as a sentence", () => {
    assert.equal(errorText({ code: "video.odd", message: "this video is odd" }, en), "This video is odd.");
    assert.equal(errorText({ code: "video.odd", message: "Already fine." }, en), "Already fine.");
  });

  it("says something even when the server said nothing", () => {
    assert.equal(errorText({ code: "x", message: " " }, en), en["error.title"]);
  });
});
