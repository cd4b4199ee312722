import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chosenBy } from "./choice.ts";

describe("keyboard navigation of suggestions", () => {
  it("wraps around, with the typed text between the last and the first suggestion", () => {
    let at = -1;
    const walk = (key: string) => (at = chosenBy(key, at, 3) ?? at);
    assert.deepEqual(
      Array.from({ length: 5 }, () => walk("ArrowDown")),
      [0, 1, 2, -1, 0],
    );
    assert.deepEqual(
      Array.from({ length: 5 }, () => walk("ArrowUp")),
      [-1, 2, 1, 0, -1],
    );
  });

  it("ignores Enter, and ignores ArrowDown when there are no suggestions", () => {
    assert.equal(chosenBy("Enter", 0, 3), null);
    assert.equal(chosenBy("ArrowDown", -1, 0), null);
  });
});
