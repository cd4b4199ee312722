import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { charactersIn } from "#base/text/characters.ts";
import { addTags, tagCharactersMax, tagsMax } from "./tags.ts";

describe("the tags of a video", () => {
  it("are the distinct parts of typed or pasted text, in their first spelling", () => {
    assert.deepEqual(addTags(["Sea"], " sea, long  walk，日落、ＳＥＡ\r\ndusk\tDusk,,"), {
      tags: ["Sea", "long walk", "日落", "dusk"],
      rest: "",
    });
  });

  it("leave overlong parts, and parts beyond the maximum number, in the input", () => {
    const long = "🌊".repeat(tagCharactersMax + 1);
    assert.deepEqual(addTags([], `a, ${long}, ${"🌊".repeat(tagCharactersMax)}`), {
      tags: ["a", "🌊".repeat(tagCharactersMax)],
      rest: long,
    });
    const full = Array.from({ length: tagsMax }, (_, n) => `tag ${n}`);
    assert.deepEqual(addTags(full, "one, TAG 7, more"), { tags: full, rest: "one, more" });
  });

  it("stay within their limits for any text, and are unchanged when the rest is added again", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 300, size: "max" });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const first = addTags([], one);
        const { tags, rest } = addTags(first.tags, other);
        assert.deepEqual(tags.slice(0, first.tags.length), first.tags);
        assert.ok(tags.length <= tagsMax);
        for (const tag of tags)
          assert.ok(tag !== "" && tag === tag.trim().normalize("NFC") && charactersIn(tag) <= tagCharactersMax);
        assert.deepEqual(addTags(tags, rest), { tags, rest });
      }),
    );
  });
});
