import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fileNameOf } from "./file-name.ts";

describe("the name of a file", () => {
  it("loses folders, control and direction characters, and is cut between characters (S4.1)", () => {
    for (const [given, kept] of [
      ["sea.mp4", "sea.mp4"],
      ["../../etc/passwd", "passwd"],
      ["C:\\fakepath\\sea.mp4", "sea.mp4"],
      ["a\u0000\u202eb\u2066c\u200f\r\n.mp4", "abc.mp4"],
      ["日落.mp4", "日落.mp4"],
      ["..", "file"],
      ["x".repeat(999), "x".repeat(255)],
      ["", "file"],
      ["\ud800", "file"],
    ] as const)
      assert.equal(fileNameOf(given), kept);
    assert.equal(fileNameOf("👩‍👩‍👧".repeat(60)).length % "👩‍👩‍👧".length, 0);
  });

  it("is valid and stable for any input", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (given) => {
        const name = fileNameOf(given);
        assert.ok(name.length > 0 && name.length <= 255 && name.isWellFormed());
        assert.doesNotMatch(name, /[\p{Cc}\p{Bidi_Control}/\\]/u);
        assert.equal(fileNameOf(name), name);
      }),
    );
  });
});
