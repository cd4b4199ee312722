import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { highlight } from "./highlight.ts";

const marked = (text: string, asked: string, isAnywhere = false) =>
  highlight(text, asked, isAnywhere).flatMap((part) => (part.isMatch ? [part.text] : []));

describe("the highlight of a search", () => {
  it("covers word prefixes and pairs of Chinese characters, and other substrings only on request", () => {
    assert.deepEqual(marked("Seaside by the SEA, overseas", "sea"), ["Sea", "SEA"]);
    assert.deepEqual(marked("海上日落 in 4K", "日落 4k"), ["日落", "4K"]);
    assert.deepEqual(marked("海上日落", "上日落山"), ["上日落"]);
    assert.deepEqual(marked("joanna", "anna"), []);
    assert.deepEqual(marked("Joanna", "@ANNA", true), ["anna"]);
    assert.deepEqual(marked("<b>bold</b>", "<b>"), ["b", "bold".slice(0, 1), "b"]);
  });

  it("keeps the text unchanged for any query", () => {
    const odd = fc.string({ unit: fc.constantFrom(...Array.from("aAb海日 .*\\([İ<>")), maxLength: 40 });
    fc.assert(
      fc.property(odd, odd, fc.boolean(), (text, asked, isAnywhere) => {
        assert.equal(
          highlight(text, asked, isAnywhere)
            .map((part) => part.text)
            .join(""),
          text,
        );
      }),
    );
  });
});
