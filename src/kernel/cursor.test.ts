import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCursor, writeCursor } from "./cursor.ts";

describe("a cursor", () => {
  it("gives back the key it was made of", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 3 }), (key) => {
        assert.deepEqual(readCursor(writeCursor(key), key.length), key);
      }),
    );
  });

  it("that was forged is refused, whatever it holds", () => {
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
});
