import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addSample, rateOf, type Sample } from "./rate.ts";

describe("the rate of an upload", () => {
  it("is unknown without samples, and with too short a series of them", () => {
    assert.deepEqual(rateOf([], 100), { bytesPerSecond: null, secondsLeft: null });
    assert.deepEqual(rateOf(steady(2, 300, 1000), 100_000), { bytesPerSecond: null, secondsLeft: null });
  });

  it("gives the speed and remaining time of a steady upload", () => {
    const samples = steady(5, 1000, 1_000_000);
    assert.deepEqual(rateOf(samples, 14_000_000), { bytesPerSecond: 1_000_000, secondsLeft: 10 });
  });

  it("discards samples before its window, and follows a slower connection", () => {
    let samples: Sample[] = [];
    for (const sample of steady(10, 1000, 5_000_000)) samples = addSample(samples, sample);
    const from = samples.at(-1) ?? { atMs: 0, loadedBytes: 0 };
    for (let n = 1; n <= 10; n++) {
      samples = addSample(samples, { atMs: from.atMs + n * 1000, loadedBytes: from.loadedBytes + n * 1000 });
    }
    assert.equal(rateOf(samples, 1e9).bytesPerSecond, 1000);
    assert.ok(samples.length <= 8);
  });

  it("is zero, without a remaining time, while nothing is transferred", () => {
    assert.deepEqual(rateOf(steady(5, 1000, 0), 100), { bytesPerSecond: 0, secondsLeft: null });
  });

  it("is never negative and never infinite", () => {
    const sample = fc.record({ atMs: fc.nat(100_000), loadedBytes: fc.nat(1_000_000) });
    fc.assert(
      fc.property(fc.array(sample), fc.nat(1_000_000), (unsorted, total) => {
        const { bytesPerSecond, secondsLeft } = rateOf(
          unsorted.toSorted((a, b) => a.atMs - b.atMs),
          total,
        );
        assert.ok(bytesPerSecond === null || (bytesPerSecond >= 0 && Number.isFinite(bytesPerSecond)));
        assert.ok(secondsLeft === null || (secondsLeft >= 0 && Number.isFinite(secondsLeft)));
      }),
    );
  });
});

const steady = (count: number, everyMs: number, bytes: number): Sample[] =>
  Array.from({ length: count }, (_, n) => ({ atMs: n * everyMs, loadedBytes: n * bytes }));
