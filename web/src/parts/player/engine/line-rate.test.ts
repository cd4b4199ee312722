import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Fetched, lineRate } from "./line-rate.ts";

const fetched = (responseStart: number, responseEnd: number, kB: number, isCached = false): Fetched => ({
  responseStart,
  responseEnd,
  encodedBodySize: kB * 1_000,
  transferSize: isCached ? 0 : kB * 1_000 + 300,
});

describe("the rate of the line", () => {
  it("is what was fetched by the time in which anything was: side by side, in turn and within", () => {
    assert.equal(lineRate([fetched(0, 1_000, 200)]), 1_600_000);
    assert.equal(lineRate([fetched(0, 1_000, 100), fetched(500, 1_500, 200)]), 1_600_000);
    assert.equal(lineRate([fetched(5_000, 6_000, 200), fetched(0, 1_000, 200)]), 1_600_000);
    assert.equal(lineRate([fetched(0, 2_000, 300), fetched(500, 1_000, 100)]), 1_600_000);
  });

  it("is that of an ordinary line where little was fetched, or all came from a cache", () => {
    assert.equal(lineRate([]), 3_000_000);
    assert.equal(lineRate([fetched(0, 1_000, 50)]), 3_000_000);
    assert.equal(lineRate([fetched(0, 10, 900, true)]), 3_000_000);
  });

  it("stays within what a first segment should be chosen by", () => {
    assert.equal(lineRate([fetched(0, 1, 500)]), 6_000_000);
    assert.equal(lineRate([fetched(0, 0, 500)]), 6_000_000);
    assert.equal(lineRate([fetched(0, 60_000, 500)]), 300_000);
  });
});
