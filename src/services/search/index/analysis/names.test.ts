import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { SearchIndex } from "../search-index.ts";
import { nameTokens } from "./names.ts";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "C", "é", "海", "_", "😀"), minLength: 1, maxLength: 8 });

it("a name is found by each part of it of two characters or more, and by the beginning of each word", () => {
  fc.assert(
    fc.property(fc.array(letters, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(), (words, from, length) => {
      const index = new SearchIndex();
      index.put({ kind: 2, id: 1, version: 1, fields: { names: words.join(" ") } });
      index.put({ kind: 2, id: 2, version: 1, fields: { names: "xyz" } });
      index.refresh();
      const characters = [...(words[from % words.length] ?? "")];
      const start = from % characters.length;
      const part = characters.slice(start, start + 2 + (length % 6));
      if (part.length < 2 && start > 0) return;
      const found = index.search({ text: part.join(""), isName: true, kinds: [2] }).hits.map(({ id }) => id);
      assert.deepEqual(found, [1], part.join(""));
    }),
    { numRuns: 300 },
  );
});

it("pairs reach from no word into the next, and signs stand alone as well", () => {
  const terms = nameTokens("Ab 海\nc_").map(({ term }) => term);
  assert.deepEqual(terms, [" a", "ab", "b ", " 海", "海", "海 ", " c", "c_", "_", "_ "]);
});
