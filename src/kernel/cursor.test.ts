import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { cursorLengthMax, readCursor, readMixedCursor, writeCursor } from "./cursor.ts";

describe("a cursor", () => {
  it("decodes to the numbers it was made of", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 3 }), (key) => {
        assert.deepEqual(readCursor(writeCursor(key), key.length), key);
      }),
    );
  });

  it("is refused when it is malformed, and never decodes to an unsafe number", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        try {
          const [part] = readCursor(text, 1);
          assert.ok(Number.isSafeInteger(part));
        } catch (error) {
          assert.equal((error as { code: string }).code, "kernel.bad_cursor");
        }
      }),
    );
    for (const text of [
      "",
      "bm8",
      writeCursor([1, 2]),
      Buffer.from("1e3").toString("base64url"),
      Buffer.from("9007199254740993").toString("base64url"),
    ])
      assert.throws(() => readCursor(text, 1), { code: "kernel.bad_cursor" });
  });

  it("decodes to the text it was made of, and fits the longest name", () => {
    const key = fc.tuple(fc.nat(1), fc.string({ unit: "grapheme", maxLength: 60 }), fc.maxSafeInteger());
    fc.assert(
      fc.property(key, (parts) => {
        const text = parts[1].replaceAll("\0", "");
        const input = [parts[0], text, parts[2]];
        assert.deepEqual(readMixedCursor(writeCursor(input), ["number", "text", "number"]), input);
      }),
    );
    for (const letter of ["日", ".", "%", "é"])
      assert.ok(writeCursor([1, letter.repeat(255), Number.MAX_SAFE_INTEGER]).length <= cursorLengthMax, letter);
  });

  it("is refused when its text is forged, unless it decodes to storable text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        for (const cursor of [text, Buffer.from(text).toString("base64url")])
          try {
            const [number, name] = readMixedCursor(cursor, ["number", "text"]);
            assert.ok(Number.isSafeInteger(number) && typeof name === "string" && !name.includes("\0"));
          } catch (error) {
            assert.equal((error as { code: string }).code, "kernel.bad_cursor");
          }
      }),
    );
    for (const parts of [["a"], [1, "a", "b"], ["x", "a"], [1, "a\0b"]])
      assert.throws(() => readMixedCursor(writeCursor(parts), ["number", "text"]), { code: "kernel.bad_cursor" });
  });
});
