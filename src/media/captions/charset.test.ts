import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CaptionEncoding, decodeCaptions, decodedAs } from "./charset.ts";

/** Sentences with their bytes in an encoding, as hexadecimal digits. */
const sentences: readonly (readonly [language: string, encoding: CaptionEncoding, text: string, bytes: string])[] = [
  ["ru", "windows-1251", "Привет, мир!", "cff0e8e2e5f22c20ece8f021"],
  ["ru", "koi8-r", "Привет, мир!", "f0d2c9d7c5d42c20cdc9d221"],
  ["pl", "windows-1250", "Nie wiem, co się stało", "4e6965207769656d2c20636f207369ea20737461b36f"],
  ["ar", "windows-1256", "مرحبا", "e3d1cdc8c7"],
  ["ja", "shift_jis", "こんにちは", "82b182f182c982bf82cd"],
  ["ja", "euc-jp", "こんにちは", "a4b3a4f3a4cba4c1a4cf"],
  ["ko", "euc-kr", "안녕하세요", "bec8b3e7c7cfbcbcbfe4"],
  ["zh-Hant", "big5", "你好", "a741a66e"],
  ["zh-Hans", "gb18030", "你好", "c4e3bac3"],
  ["zh-CN", "gb18030", "你好", "c4e3bac3"],
  ["zh-TW", "big5", "你好", "a741a66e"],
  ["fr", "windows-1252", "Ça va très bien à l’été", "c761207661207472e873206269656e20e0206c92e974e9"],
  ["el", "windows-1253", "Γεια σου κόσμε", "c3e5e9e120f3eff520eafcf3ece5"],
  ["he", "windows-1255", "שלום", "f9ece5ed"],
  ["tr", "windows-1254", "Şimdi gidiyoruz, çok güzel", "de696d64692067696469796f72757a2c20e76f6b2067fc7a656c"],
  ["th", "windows-874", "สวัสดี", "cac7d1cab4d5"],
];

describe("the encoding of captions", () => {
  it("is UTF-8, or UTF-16 with a mark or without, in any language", () => {
    const text = "1\n00:00:01,000 --> 00:00:02,000\n你好 привет\n";
    for (const [bytes, encoding] of [
      [Buffer.from(text), "utf-8"],
      [Buffer.from(`\ufeff${text}`), "utf-8"],
      [Buffer.from(`\ufeff${text}`, "utf16le"), "utf-16le"],
      [Buffer.from(text, "utf16le"), "utf-16le"],
      [Buffer.from(`\ufeff${text}`, "utf16le").swap16(), "utf-16be"],
      [Buffer.from(text, "utf16le").swap16(), "utf-16be"],
    ] as const)
      assert.deepEqual(decodeCaptions(bytes, "ar"), { text, encoding, isGuess: false });
    assert.deepEqual(decodeCaptions(Buffer.of(), "en"), { text: "", encoding: "utf-8", isGuess: false });
  });

  it("is one in which the language is written, as a guess", () => {
    for (const [language, encoding, text, hex] of sentences)
      assert.deepEqual(
        decodeCaptions(bytesOf(hex), language),
        { text: `1\n00:00:01,000 --> 00:00:02,000\n${text}\n`, encoding, isGuess: true },
        `${language} ${encoding}`,
      );
  });

  it("is unknown where the text is not plausible in the language, until a user chooses one", () => {
    const hexOf = (wanted: string) => sentences.find(([, encoding]) => encoding === wanted)?.[3] ?? "";
    for (const [language, encoding] of [
      ["fr", "windows-1251"],
      ["fr", "shift_jis"],
      ["fr", "windows-1256"],
      ["ru", "windows-1252"],
      ["ar", "windows-1251"],
      ["ja", "windows-1251"],
      ["ko", "shift_jis"],
    ] as const)
      assert.equal(decodeCaptions(bytesOf(hexOf(encoding)), language), undefined, `${language} ${encoding}`);
    const chosen = decodedAs(bytesOf(hexOf("windows-1251")), "windows-1251");
    assert.deepEqual([chosen?.text.includes("Привет"), chosen?.isGuess], [true, true]);
    assert.equal(decodedAs(Buffer.from([0x81, 0x20]), "shift_jis"), undefined);
  });
});

const bytesOf = (hex: string): Buffer =>
  Buffer.concat([Buffer.from("1\n00:00:01,000 --> 00:00:02,000\n"), Buffer.from(hex, "hex"), Buffer.from("\n")]);
