import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { suggestionKey } from "../index/suggestions/suggestions.ts";
import { Names } from "./names.ts";

it("names are suggested as they are now, however often they changed, the heaviest first", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "C"), minLength: 1, maxLength: 4 });
  const change = fc.record({ id: fc.integer({ min: 1, max: 1_500 }), text, isRemoved: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 2_000, size: "max" }), text, (changes, prefix) => {
      const names = new Names({ now: () => 0 });
      const model = new Map<number, string>();
      for (const [n, one] of changes.entries()) {
        if (one.isRemoved) names.remove(one.id);
        // Its number is its weight, so that no two weigh the same.
        else names.put({ ...one, otherName: one.text, weight: one.id }, () => []);
        if (one.isRemoved) model.delete(one.id);
        else model.set(one.id, one.text);
        if (n % 700 === 699) names.startingWith(prefix, 5);
      }
      const isShown = (id: number) => id % 5 !== 0;
      const expected = [...model]
        .filter(([id, own]) => isShown(id) && suggestionKey(own).startsWith(suggestionKey(prefix)))
        .toSorted(([a], [b]) => b - a)
        .slice(0, 5);
      const found = names.startingWith(prefix, 5, isShown).map(({ id, text: own }): [number, string] => [id, own]);
      assert.deepEqual(found, expected);
    }),
    { numRuns: 20 },
  );
});
