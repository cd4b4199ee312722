import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { captionLanguages, languageIn } from "./caption-file.ts";

describe("the languages of captions", () => {
  it("have one for each locale of a viewer", () => {
    const offered = captionLanguages.map(({ code }) => code);
    assert.equal(new Set(offered).size, offered.length);
    for (const [language, expected] of [
      ["en-US", "en"],
      ["zh", "zh-Hans"],
      ["zh-CN", "zh-Hans"],
      ["zh-TW", "zh-Hant"],
    ] as const) {
      assert.equal(languageIn(language), expected);
      assert.ok(offered.includes(expected));
    }
    assert.deepEqual(
      captionLanguages.find(({ code }) => code === "ru"),
      { code: "ru", name: "Русский" },
    );
  });
});
