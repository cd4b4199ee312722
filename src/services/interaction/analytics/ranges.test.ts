import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { partsPerBucket, watchedOf } from "./ranges.ts";

describe("watched ranges", () => {
  const length = fc.integer({ min: 1, max: 400 });
  const ranges = fc.array(
    fc.tuple(fc.nat(500), fc.nat(500)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    { maxLength: 20 },
  );
  const sum = (parts: readonly number[] | undefined) => (parts ?? []).reduce((all, one) => all + one, 0);

  it("cover what a naive count of milliseconds covers", () => {
    fc.assert(
      fc.property(length, ranges, (lengthMs, all) => {
        const isWatched = (at: number) => all.some(([from, to]) => from <= at && at < to);
        const { ms } = watchedOf(all, lengthMs);
        assert.equal(ms, Array.from({ length: lengthMs }, (_, at) => at).filter(isWatched).length);
      }),
    );
  });

  it("fill each hundredth at most, and all of them where the whole video was watched", () => {
    fc.assert(
      fc.property(length, ranges, (lengthMs, all) => {
        const { ms, parts } = watchedOf(all, lengthMs);
        assert.ok((parts ?? []).every((count) => count >= 0 && count <= partsPerBucket));
        if (ms === lengthMs) assert.equal(sum(parts), 100 * partsPerBucket);
        if (ms === 0) assert.equal(parts, undefined);
      }),
    );
  });

  it("add up to the same parts however a stretch is divided among reports", () => {
    fc.assert(
      fc.property(length, fc.array(fc.nat(400), { minLength: 2, maxLength: 20 }), (lengthMs, points) => {
        const cuts = points.toSorted((a, b) => a - b);
        const [from = 0, to = 0] = [cuts.at(0), cuts.at(-1)];
        const whole = watchedOf([[from, to]], lengthMs);
        const pieces = cuts.slice(1).map((cut, at) => watchedOf([[cuts[at] ?? 0, cut]], lengthMs));
        for (let bucket = 0; bucket < 100; bucket++)
          assert.equal(
            pieces.reduce((all, { parts }) => all + (parts?.[bucket] ?? 0), 0),
            whole.parts?.[bucket] ?? 0,
          );
      }),
    );
  });

  it("are nothing beyond the end, and nothing of a video without length", () => {
    assert.equal(watchedOf([[500, 900]], 400).ms, 0);
    assert.equal(watchedOf([[0, 900]], 400).ms, 400);
    assert.deepEqual(watchedOf([[0, 900]], 0), { ms: 0, endMs: 0, parts: undefined });
  });

  it("end where the last of them ends", () => {
    assert.equal(
      watchedOf(
        [
          [200, 300],
          [0, 100],
        ],
        400,
      ).endMs,
      100,
    );
  });
});
