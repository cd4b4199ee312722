import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isNetwork, personOf, plausibleWatchMs } from "./persons.ts";

describe("a person in counts", () => {
  it("is an account wherever it comes from, or a network", () => {
    assert.equal(personOf({ userId: 7, source: "home" }), personOf({ userId: 7, source: "train" }));
    assert.notEqual(personOf({ userId: 7 }), personOf({ userId: 8 }));
    assert.equal(personOf({ source: "home" }), personOf({ source: "home" }));
    assert.deepEqual([personOf({ userId: 7 }), personOf({ source: "7" })].map(isNetwork), [false, true]);
  });

  it("watches a film twice in a period at most, and only what the period allows", () => {
    const reports = fc.array(fc.nat(10_000), { maxLength: 200 });
    fc.assert(
      fc.property(reports, fc.nat(10_000), fc.nat(10_000), (watched, lengthMs, periodMs) => {
        let creditedMs = 0;
        for (const ms of watched) creditedMs += plausibleWatchMs(ms, { lengthMs, periodMs, creditedMs });
        const sum = watched.reduce((total, ms) => total + ms, 0);
        assert.equal(creditedMs, Math.min(sum, 2 * lengthMs, 2 * periodMs));
      }),
    );
  });
});
