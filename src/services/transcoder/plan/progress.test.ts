import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { leftMs, percentOf, Progress, type StepName, type Steps, type ProgressReport } from "./progress.ts";

const names: readonly StepName[] = ["probe", "remux", "cover", "ladder"];
const plans = fc
  .array(fc.double({ min: 0.01, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 4 })
  .map((weights): Steps => weights.map((weight, n) => ({ name: names[n] ?? "ladder", weight })));
const share = fc.float({ noNaN: true });

describe("progress", () => {
  it("grows with each step and its share, and is 99 at most", () => {
    fc.assert(
      fc.property(plans, share, share, (all, one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        for (const { name } of all) assert.ok(percentOf(all, name, low) <= percentOf(all, name, high));
        const ends = all.flatMap(({ name }) => [percentOf(all, name, 0), percentOf(all, name, 1)]);
        assert.deepEqual(
          ends,
          ends.toSorted((a, b) => a - b),
        );
        assert.deepEqual([ends[0], ends.at(-1)], [0, 99]);
      }),
    );
  });

  it("is published at most every two seconds and only when it has changed, also after a failed publication", async () => {
    let nowMs = 0;
    const reports: [number, StepName][] = [];
    const progress = new Progress(
      async ({ percent, step }) => {
        reports.push([percent, step]);
        throw new Error("it cannot be published");
      },
      () => nowMs,
    );
    assert.equal(progress.at("remux", 0.9), 0, "begun on a guess that may be taken back");
    progress.steps = further;
    for (const [at, part] of [
      [0, 0],
      [10, 0.1],
      [500, 0.2],
      [1_000, 0.4],
      [2_100, 0.4],
      [2_200, 0.5],
      [9_000, 0.401],
      [9_001, 0.6],
    ] as const) {
      nowMs = at;
      progress.at("ladder", part);
    }
    await progress.waitForReports();
    assert.deepEqual(reports, [
      [5, "ladder"],
      [43, "ladder"],
      [62, "ladder"],
    ]);
  });

  it("is published with the time left once it is known", async () => {
    let nowMs = 0;
    const reports: ProgressReport[] = [];
    const progress = new Progress(
      async (report) => void reports.push(report),
      () => nowMs,
    );
    progress.steps = further;
    progress.begin();
    for (const [at, part] of [
      [1_000, 0.02],
      [81_000, 0.1],
      [86_000, 0.1001],
      [91_000, 0.11],
    ] as const) {
      nowMs = at;
      progress.at("ladder", part);
    }
    await progress.waitForReports();
    assert.deepEqual(reports, [
      { percent: 6, step: "ladder", secondsLeft: null },
      { percent: 14, step: "ladder", secondsLeft: 900 },
      { percent: 15, step: "ladder", secondsLeft: 890 },
    ]);
  });
});

describe("the time left", () => {
  it("is exact at a constant speed with right weights, after any delay at the start", () => {
    const part = fc.double({ min: 0.06, max: 1, noNaN: true });
    const pace = fc.double({ min: 200, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(plans, part, pace, fc.nat(), (all, done, paceMs, startMs) => {
        const weights = all.map(({ weight }) => weight);
        const whole = weights.reduce((a, b) => a + b, 0);
        for (const [n, { name, weight }] of all.entries()) {
          const stepMs = weight * paceMs;
          const samples = [done / 2, done].map((share) => ({ atMs: startMs + share * stepMs, share }));
          const left = leftMs(all, name, samples);
          // A hair's breadth from the bound either is right.
          const toKnow = [weight / (whole * 0.1), (stepMs * done) / 2 / 1_500];
          if (toKnow.every((part) => Math.abs(part - 1) > 1e-6))
            assert.equal(
              left !== undefined,
              toKnow.every((part) => part > 1),
            );
          const later = weights.slice(n + 1).reduce((a, b) => a + b, 0);
          const truth = (weight * (1 - done) + later) * paceMs;
          if (left !== undefined) assert.ok(Math.abs(left - truth) <= truth * 1e-6 + 1e-3 + startMs * 1e-6);
        }
      }),
    );
  });

  it("predicts the steps after a quick encode by their weights", () => {
    // Recorded: 16 s of 720p, whose quick encode, cover and ladder took 2.8, 0.6 and 6.6 seconds.
    const steps: Steps = [
      { name: "probe", weight: 0.1 },
      { name: "quick", weight: 3.84 },
      { name: "cover", weight: 0.4 },
      { name: "ladder", weight: 10.2 },
    ];
    const left =
      leftMs(steps, "quick", [
        { atMs: 1, share: 0.001 },
        { atMs: 1_677, share: 0.604 },
      ]) ?? 0;
    assert.ok(Math.abs(left - 8_340) <= 8_340 * 0.2, `${Math.round(left)} ms`);
  });

  it("is never negative and never infinite", () => {
    fc.assert(
      fc.property(plans, fc.array(fc.record({ share, atMs: fc.nat() })), (all, samples) => {
        const left = leftMs(all, all.at(-1)?.name ?? "ladder", samples);
        assert.ok(left === undefined || (left >= 0 && Number.isFinite(left)));
      }),
    );
  });
});

const further: Steps = [
  { name: "probe", weight: 5 },
  { name: "ladder", weight: 95 },
];
