import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { charactersIn, firstCharacters } from "./characters.ts";

const texts = fc
  .array(fc.constantFrom("a", "日", "👍", "\ud83d", "\udc4d"), { maxLength: 20 })
  .map((all) => all.join(""));

it("the character count of a text is its number of code points", () => {
  assert.equal(charactersIn(""), 0);
  assert.equal(charactersIn("a日👍"), 3);
  assert.equal(charactersIn("👍".repeat(1_000)), 1_000);
  fc.assert(fc.property(texts, (text) => assert.equal(charactersIn(text), Array.from(text).length)));
});

it("a text is truncated at code point boundaries", () => {
  assert.equal(firstCharacters("👍👍👍", 2), "👍👍");
  assert.equal(firstCharacters("a👍", 2), "a👍");
  fc.assert(
    fc.property(texts, fc.nat(21), (text, max) =>
      assert.equal(firstCharacters(text, max), Array.from(text).slice(0, max).join("")),
    ),
  );
});
