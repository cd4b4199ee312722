import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ruleMax, rulesOf } from "./site-rules.ts";

describe("the rules of a site", () => {
  it("are its lines, without empty and repeated ones", () => {
    assert.deepEqual(rulesOf("1. Be kind.\r\n\n 2. No attacks on people. \n1. Be kind."), [
      "1. Be kind.",
      "2. No attacks on people.",
    ]);
    assert.deepEqual(rulesOf(" \n"), []);
  });

  it("are no longer than a decision can name", () => {
    assert.deepEqual(
      rulesOf("x".repeat(ruleMax + 1)).map(({ length }) => length),
      [ruleMax],
    );
    assert.equal(rulesOf(Array.from({ length: 99 }, (_, n) => `rule ${n}`).join("\n")).length, 50);
  });
});
