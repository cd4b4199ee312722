import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addSample, type Sample, stepDurationMs } from "./pace.ts";

describe("the speed of a step", () => {
  for (const [name, { endMs, mediaMs, samples }] of Object.entries(recorded()))
    it(`predicts the time left of ${name} within a fifth, once a third has passed`, () => {
      let recent: readonly Sample[] = [];
      const off: number[] = [];
      for (const [atMs, outMs] of samples) {
        recent = addSample(recent, { atMs, share: outMs / mediaMs });
        const truth = endMs - atMs;
        // Shortly before the end a part of it means nothing.
        if (atMs < endMs / 3 || truth < 2_000) continue;
        const left = (stepDurationMs(recent) ?? 0) * (1 - (recent.at(-1)?.share ?? 0));
        off.push(Math.abs(left - truth) / truth);
      }
      assert.ok(off.length >= 6, `${off.length} times`);
      const [first = 1] = off;
      const middle = off.toSorted((a, b) => a - b)[Math.floor(off.length / 2)] ?? 1;
      assert.ok(first <= 0.2 && middle <= 0.15 && Math.max(...off) <= 0.3, off.map((one) => one.toFixed(2)).join(" "));
    });

  it("follows the recent pace: a slow start loses its influence", () => {
    let recent: readonly Sample[] = [];
    let share = 0;
    // Ten minutes at a tenth of the speed it has from then on.
    for (let atMs = 0; atMs <= 1_800_000; atMs += 500) {
      share += atMs < 600_000 ? 0.00001 : 0.0001;
      recent = addSample(recent, { atMs, share });
    }
    const whole = stepDurationMs(recent) ?? 0;
    assert.ok(Math.abs(whole - 5_000_000) < 250_000, `${whole} ms`);
  });

  it("is unknown without samples, after a short time, and without progress", () => {
    const after = (...samples: [number, number][]) =>
      stepDurationMs(samples.reduce<readonly Sample[]>((all, [atMs, share]) => addSample(all, { atMs, share }), []));
    assert.equal(after(), undefined);
    assert.equal(after([0, 0], [9_000, 0]), undefined);
    assert.equal(after([0, 0], [9_000, 0.5]), undefined, "all that time may have been the start");
    assert.equal(after([0, 0.01], [9_000, 0.02]), undefined);
    assert.equal(after([0, 0.01], [1_000, 0.1]), undefined);
    assert.equal(after([0, 0.1], [9_000, 0.1]), undefined);
    assert.equal(after([0, Number.NaN], [9_000, Number.NaN]), undefined);
    assert.equal(Math.round(after([0, 0.1], [9_000, 0.4]) ?? 0), 30_000);
  });

  it("is derived from a bounded number of samples, the first and the latest among them", () => {
    let recent: readonly Sample[] = [];
    // Half a day of FFmpeg's reports, two a second.
    for (let n = 1; n <= 86_400; n++) {
      recent = addSample(recent, { atMs: n * 500, share: n / 86_400 });
      assert.ok(recent.length <= 128, `${recent.length}`);
      assert.deepEqual([recent[0]?.atMs, recent.at(-1)?.atMs], [500, n * 500]);
    }
    assert.equal(Math.round(stepDurationMs(recent) ?? 0), 43_200_000);
  });
});

interface Trace {
  readonly endMs: number;
  readonly mediaMs: number;
  /** After how many milliseconds FFmpeg said how many milliseconds of media it had made. */
  readonly samples: readonly (readonly [number, number])[];
}

/** Progress reports of FFmpeg for renditions that Kinora makes, on two cores that were partly busy with other work. */
function recorded(): Record<string, Trace> {
  return {
    "a ladder from 1080p": {
      endMs: 13_772,
      mediaMs: 20_000,
      samples:
        times(`181:0 722:0 1192:667 1705:1433 2205:2267 2743:3033 3241:3833 3762:4633 4245:5400 4759:6167 5260:6933
        5776:7733 6281:8500 6785:9300 7297:10067 7797:10833 8299:11567 8821:12300 9297:13000 9821:13800 10334:14533
        10838:15300 11389:16067 11926:16867 12434:17667 12965:18400 13486:19167`),
    },
    "the renditions below 1080p": {
      endMs: 8_181,
      mediaMs: 20_000,
      samples: times(`180:0 671:400 1180:1667 1688:2900 2192:4200 2690:5467 3203:6733 3703:8000 4256:9333 4760:10633
        5260:11867 5766:13133 6266:14400 6772:15733 7266:17100 7784:18500`),
    },
    "480p and 240p of a minute of 720p, on two busy cores": {
      endMs: 13_600,
      mediaMs: 60_000,
      samples: times(`667:960 1180:2520 2191:5580 2723:8280 3184:11160 3690:14340 4221:17580 4700:20940 5212:24060
        5716:25320 6220:27780 6796:30060 7222:33000 7743:35280 8226:37260 8739:39120 9233:42240 9797:45120 10289:46920
        10792:49140 11313:51660 11815:53160 12352:54120`),
    },
  };
}

function times(text: string): [number, number][] {
  return text.split(/\s+/).map((pair) => {
    const [atMs = 0, outMs = 0] = pair.split(":").map(Number);
    return [atMs, outMs];
  });
}
