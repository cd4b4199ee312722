import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { charactersIn } from "../text/characters.ts";
import { addTags, tagCharactersMax, tagsMax } from "./tags.ts";

describe("the tags of a video", () => {
  it("are the parts of what is typed or pasted, each once, as first written", () => {
    assert.deepEqual(addTags(["Sea"], " sea, long  walk，日落、ＳＥＡ\r\ndusk\tDusk,,"), {
      tags: ["Sea", "long walk", "日落", "dusk"],
      rest: "",
    });
  });

  it("leave what is too long, and what there is no room for, where it was typed", () => {
    const long = "🌊".repeat(tagCharactersMax + 1);
    assert.deepEqual(addTags([], `a, ${long}, ${"🌊".repeat(tagCharactersMax)}`), {
      tags: ["a", "🌊".repeat(tagCharactersMax)],
      rest: long,
    });
    const full = Array.from({ length: tagsMax }, (_, n) => `tag ${n}`);
    assert.deepEqual(addTags(full, "one, TAG 7, more"), { tags: full, rest: "one, more" });
  });

  it("are what the server takes, and unchanged when the rest is added again, whatever is typed", () => {
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
