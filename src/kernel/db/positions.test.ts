import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Commits, furthest, strictest } from "./positions.ts";

describe("log positions", () => {
  it("are merged to the greatest position per server", () => {
    assert.deepEqual(furthest({ a: 1, b: 5 }, { a: 3 }, {}), { a: 3, b: 5 });
  });

  it("allow a batch to use a replica only if each call may, after the greatest position", () => {
    assert.deepEqual(strictest([{ readAfter: { a: 1 } }, { readAfter: { a: 4 } }]), { readAfter: { a: 4 } });
    assert.deepEqual(strictest([{ readAfter: { a: 1 } }, {}]), {});
    assert.deepEqual(strictest([{ readAfter: {} }, undefined]), {});
  });
});

describe("the commits of a call", () => {
  it("are merged from another process's text, including whether they are unknown", () => {
    const own = new Commits();
    own.record("a", 7);
    own.record("a", 3);
    const read = new Commits();
    read.record("b", 2);
    read.read(own.text);
    assert.deepEqual([read.positions, read.isUnknown], [{ a: 7, b: 2 }, false]);
    own.lose();
    read.read(own.text);
    assert.ok(read.isUnknown);
  });

  it("are unknown when their text is malformed", () => {
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
