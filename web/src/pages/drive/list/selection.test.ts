import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { selectBand, everything, nothing, press, pruneSelection, type Selection, toggle, walk } from "./selection.ts";

describe("a selection", () => {
  it("holds one item after a press, toggles items with the add key, and spans a range from its anchor", () => {
    const one = press(nothing, ids, 20, {});
    assert.deepEqual(chosen(one), [20]);
    const two = press(one, ids, 40, { adds: true });
    assert.deepEqual(chosen(two), [20, 40]);
    assert.deepEqual(chosen(press(two, ids, 20, { adds: true })), [40]);
    const range = press(one, ids, 50, { ranges: true });
    assert.deepEqual(chosen(range), [20, 30, 40, 50]);
    assert.deepEqual(chosen(press(range, ids, 10, { ranges: true })), [10, 20]);
  });

  it("follows the arrow keys and stays within the ends of the list", () => {
    const first = walk(nothing, ids, 1, {});
    assert.deepEqual(chosen(first), [10]);
    assert.deepEqual(chosen(walk(first, ids, -1, {})), [10]);
    assert.deepEqual(chosen(walk(first, ids, 99, {})), [50]);
    assert.deepEqual(chosen(walk(first, ids, 2, { ranges: true })), [10, 20, 30]);
    const moved = walk(first, ids, 1, { adds: true });
    assert.deepEqual([chosen(moved), moved.focus], [[10], 20]);
    assert.deepEqual(chosen(toggle(moved, 20)), [10, 20]);
  });

  it("holds the whole list, or the items of the rubber band, alone or added to earlier ones", () => {
    assert.deepEqual(chosen(everything(nothing, ids)), ids);
    const before = press(nothing, ids, 10, {});
    assert.deepEqual(chosen(selectBand(before, [30, 40], false)), [30, 40]);
    assert.deepEqual(chosen(selectBand(before, [30, 40], true)), [10, 30, 40]);
  });

  it("drops unlisted items with its anchor and focus, and is unchanged when all items are listed", () => {
    const all = everything(press(nothing, ids, 30, {}), ids);
    assert.equal(pruneSelection(all, ids), all);
    const left = pruneSelection(all, [10, 20]);
    assert.deepEqual([chosen(left), left.anchor, left.focus], [[10, 20], null, null]);
  });

  it("holds only listed items after any sequence of presses and moves", () => {
    const key = fc.record({ id: fc.constantFrom(...ids), adds: fc.boolean(), ranges: fc.boolean(), by: fc.integer() });
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        let now: Selection = nothing;
        for (const { id, by, ...held } of keys) now = walk(press(now, ids, id, held), ids, by, held);
        for (const id of now.chosen) assert.ok(ids.includes(id));
      }),
    );
  });
});

const ids = [10, 20, 30, 40, 50];
const chosen = (selection: Selection) => [...selection.chosen].toSorted((a, b) => a - b);
