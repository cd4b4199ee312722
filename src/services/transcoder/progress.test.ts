import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { leftMs, percentOf, Progress, type StepName, type Steps, type Told } from "./progress.ts";

const names: readonly StepName[] = ["probe", "remux", "cover", "ladder"];
const plans = fc
  .array(fc.double({ min: 0.01, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 4 })
  .map((weights): Steps => weights.map((weight, n) => ({ name: names[n] ?? "ladder", weight })));
const share = fc.float({ noNaN: true });

describe("progress", () => {
  it("grows with each step and each share, and never says 100", () => {
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

  it("is told at most every two seconds and only when it is news, also after telling failed", async () => {
    let nowMs = 0;
    const told: [number, StepName][] = [];
    const progress = new Progress(
      async ({ percent, step }) => {
        told.push([percent, step]);
        throw new Error("nobody hears it");
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
    await progress.settled();
    assert.deepEqual(told, [
      [5, "ladder"],
      [43, "ladder"],
      [62, "ladder"],
    ]);
  });

  it("is told with the time left, which is told again while the percentage stands still", async () => {
    let nowMs = 0;
    const told: Told[] = [];
    const progress = new Progress(
      async (news) => void told.push(news),
      () => nowMs,
    );
    progress.steps = further;
    progress.begin("ladder");
    for (const [at, part] of [
      [1_000, 0.02],
      [100_000, 0.1],
      [105_000, 0.1001],
      [110_000, 0.1001],
    ] as const) {
      nowMs = at;
      progress.at("ladder", part);
    }
    await progress.settled();
    assert.deepEqual(told, [
      { percent: 6, step: "ladder", secondsLeft: null },
      { percent: 14, step: "ladder", secondsLeft: 900 },
      { percent: 14, step: "ladder", secondsLeft: 989 },
    ]);
  });
});

describe("the time left", () => {
  it("is exact where the work goes on as it began and the weights are right", () => {
    const part = fc.double({ min: 0.03, max: 1, noNaN: true });
    const pace = fc.double({ min: 200, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(plans, part, pace, (all, done, paceMs) => {
        const weights = all.map(({ weight }) => weight);
        const whole = weights.reduce((a, b) => a + b, 0);
        for (const [n, { name, weight }] of all.entries()) {
          const elapsedMs = weight * done * paceMs;
          const left = leftMs(all, name, done, elapsedMs);
          const isKnown = weight >= whole * 0.1 && elapsedMs >= 1_500;
          assert.equal(left !== undefined, isKnown);
          const later = weights.slice(n + 1).reduce((a, b) => a + b, 0);
          const truth = (weight * (1 - done) + later) * paceMs;
          if (left !== undefined) assert.ok(Math.abs(left - truth) <= truth * 1e-6 + 1e-3);
        }
      }),
    );
  });

  it("is within a fifth of the truth from a third of a recorded encode on", () => {
    const endMs = 13_600;
    const steps: Steps = [
      { name: "probe", weight: 0.1 },
      { name: "remux", weight: 0.28 },
      { name: "cover", weight: 0.4 },
      { name: "ladder", weight: 22.8 },
    ];
    let seen = 0;
    for (const [part, elapsedMs] of recorded()) {
      if (elapsedMs < endMs / 3) continue;
      const left = leftMs(steps, "ladder", part, elapsedMs) ?? 0;
      const truth = endMs - elapsedMs;
      // Near the end a fifth is less than the second that is shown.
      assert.ok(Math.abs(left - truth) <= Math.max(truth * 0.2, 500), `${Math.round(left)} ms for ${truth} ms`);
      seen += 1;
    }
    assert.ok(seen > 10, `${seen} times`);
  });

  it("knows what follows a quick encode by its weight", () => {
    // Recorded: 16 s of 720p, whose quick encode, cover and ladder took 2.8, 0.6 and 6.6 seconds.
    const steps: Steps = [
      { name: "probe", weight: 0.1 },
      { name: "quick", weight: 3.84 },
      { name: "cover", weight: 0.4 },
      { name: "ladder", weight: 10.2 },
    ];
    const left = leftMs(steps, "quick", 0.604, 1_677) ?? 0;
    assert.ok(Math.abs(left - 8_340) <= 8_340 * 0.2, `${Math.round(left)} ms`);
  });

  it("is never negative and never endless", () => {
    fc.assert(
      fc.property(plans, share, fc.nat(), (all, part, elapsedMs) => {
        const left = leftMs(all, all.at(-1)?.name ?? "ladder", part, elapsedMs);
        assert.ok(left === undefined || (left >= 0 && Number.isFinite(left)));
      }),
    );
  });
});

const further: Steps = [
  { name: "probe", weight: 5 },
  { name: "ladder", weight: 95 },
];

/** How far FFmpeg said it was, and after how many milliseconds: 480p and 240p of a minute of 720p, on two busy cores. */
function recorded(): [number, number][] {
  return [
    ...([
      [0.016, 667],
      [0.042, 1_180],
      [0.093, 2_191],
      [0.138, 2_723],
      [0.186, 3_184],
      [0.239, 3_690],
    ] as const),
    ...([
      [0.293, 4_221],
      [0.349, 4_700],
      [0.401, 5_212],
      [0.422, 5_716],
      [0.463, 6_220],
      [0.501, 6_796],
    ] as const),
    ...([
      [0.55, 7_222],
      [0.588, 7_743],
      [0.621, 8_226],
      [0.652, 8_739],
      [0.704, 9_233],
      [0.752, 9_797],
    ] as const),
    ...([
      [0.782, 10_289],
      [0.819, 10_792],
      [0.861, 11_313],
      [0.886, 11_815],
      [0.902, 12_352],
    ] as const),
  ].map(([part, ms]) => [part, ms]);
}
