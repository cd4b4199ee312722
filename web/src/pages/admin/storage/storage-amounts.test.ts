import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { amountOf, percentOf } from "./storage-amounts.ts";

describe("an amount typed in a field", () => {
  it("is multiplied by its unit, undefined when empty, and null when invalid", () => {
    assert.equal(amountOf("10", 1_000_000), 10_000_000);
    assert.equal(amountOf(" 1,5 ", 86_400), 129_600);
    assert.equal(amountOf("", 5), undefined);
    for (const wrong of ["0", "-1", "much", "1e400", "0.0000001"]) assert.equal(amountOf(wrong, 1_000), null, wrong);
  });
});

describe("the percentage of a transfer", () => {
  it("is 100 only when the transfer is complete, and 0 for negative progress", () => {
    assert.equal(percentOf(0, 0), 100);
    assert.equal(percentOf(999_999, 1_000_000), 99);
    assert.equal(percentOf(5, 5), 100);
    assert.equal(percentOf(-1, 5), 0);
  });
});
