import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { momentOf } from "./moment.ts";

describe("the moment of a case", () => {
  it("is that of a timed comment", () => {
    assert.equal(momentOf({ kind: "danmaku", excerpt: "at 1:05", position: 14.2 }), 14.2);
    assert.equal(momentOf({ kind: "danmaku", excerpt: "at 1:05", position: null }), null);
  });

  it("is the first time that a comment names", () => {
    const of = (excerpt: string) => momentOf({ kind: "comment", excerpt, position: null });
    assert.equal(of("look at 1:05 and 2:00"), 65);
    assert.equal(of("1:02:03!"), 3_723);
    assert.equal(of("（0:14）"), 14);
    for (const text of ["no time", "1:99", "12:345", "ratio 16:9", ""]) assert.equal(of(text), null, text);
  });
});
