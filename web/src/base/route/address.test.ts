import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { idParam, idSearch, textSearch, wordOf } from "./address.ts";

describe("the address of a page", () => {
  it("has an ID of a path as a positive integer, and 0 for anything else", () => {
    assert.deepEqual(idParam.parse({ id: "42" }), { id: 42 });
    for (const id of ["0", "-1", "1.5", "x", "", "9007199254740993"])
      assert.deepEqual(idParam.parse({ id }), { id: 0 }, id);
    assert.deepEqual(idParam.stringify({ id: 42 }), { id: "42" });
  });

  it("leaves out a search parameter that is no ID", () => {
    assert.deepEqual(idSearch("video")({ video: "7", room: "8" }), { video: 7 });
    assert.deepEqual(idSearch("video")({ video: "seven" }), {});
    assert.deepEqual(idSearch("list", "comment", "t")({ list: 3, comment: "x", t: "12", room: 8 }), { list: 3, t: 12 });
  });

  it("keeps a word of a list alone, and a text without blanks around it up to its length", () => {
    assert.equal(wordOf(["new", "hot"], "hot"), "hot");
    assert.equal(wordOf(["new", "hot"], ["hot"]), undefined);
    assert.deepEqual(textSearch({ q: "  cats and dogs " }, 4), { q: "cats" });
    assert.deepEqual(textSearch({ q: "   " }, 4), {});
    assert.deepEqual(textSearch({ q: 7 }, 4), {});
  });
});
