import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createPinyinKeys } from "./second-keys.ts";
import { suggestionKey, Suggestions } from "./suggestions.ts";

describe("suggestions", () => {
  it("are the texts with a prefix, by weight, as a scan of all finds them", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "B", " ", "龙"), minLength: 1, maxLength: 6 });
    const entries = fc.uniqueArray(fc.record({ text: letters, weight: fc.integer({ min: 1, max: 1_000 }) }), {
      maxLength: 60,
      selector: ({ weight }) => weight,
    });
    const otherKeys = (text: string) => [suggestionKey(`${text}bb`)];
    fc.assert(
      fc.property(entries, letters, fc.integer({ min: 1, max: 5 }), (all, prefix, limit) => {
        const key = suggestionKey(prefix);
        const scanned = all
          .filter(({ text }) => key !== "" && [text, `${text}bb`].some((one) => suggestionKey(one).startsWith(key)))
          .toSorted((a, b) => b.weight - a.weight);
        assert.deepEqual(new Suggestions(all, otherKeys).startingWith(prefix, limit), scanned.slice(0, limit));
      }),
      { numRuns: 300 },
    );
  });

  it("are found by whole pinyin and by its initials, each once", async () => {
    const all = [
      { text: "恐龙", weight: 3 },
      { text: "孔雀舞", weight: 2 },
      { text: "King Kong", weight: 1 },
    ];
    const suggestions = new Suggestions(all, await createPinyinKeys());
    const found = (prefix: string) => suggestions.startingWith(prefix, 10).map(({ text }) => text);
    assert.deepEqual(found("kong"), ["恐龙", "孔雀舞"]);
    assert.deepEqual(found("kongl"), ["恐龙"]);
    assert.deepEqual(found("kl"), ["恐龙"]);
    assert.deepEqual(found("kqw"), ["孔雀舞"]);
    assert.deepEqual(found("k"), ["恐龙", "孔雀舞", "King Kong"]);
    assert.deepEqual(found("恐"), ["恐龙"]);
    assert.deepEqual(found("KING  k"), ["King Kong"]);
  });

  it("are none for nothing, and for a prefix of any length", () => {
    const suggestions = new Suggestions([{ text: "cat", weight: 1 }]);
    for (const prefix of ["", " ", "\u0000", "x".repeat(10_000)])
      assert.deepEqual(suggestions.startingWith(prefix, 5), []);
    assert.deepEqual(suggestions.startingWith("c", 0), []);
  });
});
