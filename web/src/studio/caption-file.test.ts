import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { captionLanguages, decodeCaptions, languageIn } from "./caption-file.ts";

describe("a captions file", () => {
  it("is decoded from UTF-8, UTF-16, GB 18030 and windows-1252", () => {
    const said = "1\n00:00:01,000 --> 00:00:02,000\n你好 привет\n";
    assert.equal(decodeCaptions(bytesOf(Buffer.from(said))), said);
    assert.equal(decodeCaptions(bytesOf(Buffer.from(`\ufeff${said}`, "utf16le"))), said);
    // "你好" in GB 18030, and "é" in windows-1252.
    assert.equal(decodeCaptions(bytesOf(Buffer.from([0xc4, 0xe3, 0xba, 0xc3]))), "你好");
    assert.equal(decodeCaptions(bytesOf(Buffer.from([0x63, 0x61, 0x66, 0xe9]))), "café");
    assert.equal(decodeCaptions(new ArrayBuffer(0)), "");
  });

  it("maps the viewer's locale to one of the offered languages", () => {
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

const bytesOf = (buffer: Buffer): ArrayBuffer => new Uint8Array(buffer).buffer;
