import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Finder } from "./finder.ts";

describe("the object finder", () => {
  it("forgets the least recently remembered keys beyond its limit", () => {
    const finder = new Finder(["one"]);
    for (let n = 0; n < 20_000; n++) finder.remember(`key ${n}`, "one");
    finder.remember("key 0", "one");
    finder.remember("more", "one");
    assert.deepEqual(
      ["key 0", "key 1", "key 2", "more"].map((key) => finder.placeOf(key)),
      ["one", undefined, "one", "one"],
    );
  });
});
