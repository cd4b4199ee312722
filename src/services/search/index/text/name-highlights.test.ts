import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SearchIndex } from "../search-index.ts";
import { nameHighlights } from "./name-highlights.ts";

describe("highlights in names", () => {
  it("are any part of the name, whatever its case, width and accents, and touch no other", () => {
    const marked = (name: string, query: string) =>
      nameHighlights(name, query).map(([from, to]) => name.slice(from, to));
    assert.deepEqual(marked("Tax_Return 2026.pdf", "tax re"), ["Tax", "Re"]);
    assert.deepEqual(marked("syntax tax", "TAX"), ["tax", "tax"]);
    assert.deepEqual(marked("海边照片.jpg", "边照"), ["边照"]);
    assert.deepEqual(marked("Café ＡＢＣ.txt", "cafe abc"), ["Café", "ＡＢＣ"]);
    assert.deepEqual(marked("Straße", "strasse"), ["Straße"]);
    assert.deepEqual(marked("banana an", "an"), ["anan", "an"]);
    assert.deepEqual(marked("a banana", "a"), ["a"]);
    assert.deepEqual(marked("x", "y"), []);
  });

  it("are there for each name that is found, and for no other", () => {
    const letters = fc.constantFrom("a", "b", "C", "é", "海", "_", "1", "😀", "ﬁ", "ß", " ");
    fc.assert(
      fc.property(
        fc.string({ unit: letters, minLength: 1, maxLength: 12 }),
        fc.string({ unit: letters, minLength: 1, maxLength: 4 }).filter((text) => !/\s/.test(text)),
        (name, word) => {
          const index = new SearchIndex();
          index.put({ kind: 4, id: 1, version: 1, fields: { names: name }, scope: 1 });
          index.refresh();
          const isFound = index.search({ text: word, scope: 1 }).total === 1;
          assert.equal(nameHighlights(name, word).length > 0, isFound);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
