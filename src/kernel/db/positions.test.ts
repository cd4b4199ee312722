import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Commits, furthest, strictest } from "./positions.ts";

describe("positions", () => {
  it("are merged to the greatest of each server", () => {
    assert.deepEqual(furthest({ a: 1, b: 5 }, { a: 3 }, {}), { a: 3, b: 5 });
  });

  it("let calls read together where each of them may, after what any of them relies on", () => {
    assert.deepEqual(strictest([{ readAfter: { a: 1 } }, { readAfter: { a: 4 } }]), { readAfter: { a: 4 } });
    assert.deepEqual(strictest([{ readAfter: { a: 1 } }, {}]), {});
    assert.deepEqual(strictest([{ readAfter: {} }, undefined]), {});
  });
});

describe("the commits of a call", () => {
  it("are read by another process as they were written", () => {
    const own = new Commits();
    own.note("a", 7);
    own.note("a", 3);
    const read = new Commits();
    read.note("b", 2);
    read.read(own.text);
    assert.deepEqual([read.positions, read.isUnknown], [{ a: 7, b: 2 }, false]);
    own.lose();
    read.read(own.text);
    assert.ok(read.isUnknown);
  });

  it("are unknown where their text is malformed", () => {
    for (const text of ["", "{", "[1.5]", '{"a":"7"}', '{"a":1e300}', "null", "7"]) {
      const commits = new Commits();
      commits.read(text);
      assert.ok(commits.isUnknown, text);
    }
    const none = new Commits();
    none.read("{}");
    assert.ok(none.isEmpty);
  });
});
