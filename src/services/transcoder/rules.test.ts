import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrackIndex } from "#media/mp4/indexer";
import type { Probe } from "#media/probe";
import fc from "fast-check";
import { isWhole } from "./length.ts";
import { rungsFor, sourceProfile } from "./plan.ts";
import { percentOf, Progress, type StepName, stepsOf } from "./progress.ts";

describe("the renditions that follow", () => {
  it("are one that helps most beside the first", () => {
    for (const [width, height, made, expected] of [
      [1280, 720, "720p", "480p"],
      [1920, 1080, "480p", "720p"],
      [1024, 576, "480p", "576p"],
      [854, 480, "480p", "240p"],
      [360, 640, "360p", "240p"],
      [320, 240, "240p", undefined],
      [160, 90, "90p", undefined],
      [3840, 2160, "2160p", "480p"],
    ] as const)
      assert.deepEqual(
        names(rungsFor(source(width, height), [], [made])),
        expected === undefined ? [] : [expected],
        `${width}x${height}`,
      );
  });

  it("are those asked for, at the source's size where they would be larger, and none that is there", () => {
    assert.deepEqual(names(rungsFor(source(1280, 720), ["2160p", "240p", "1080p", "480p"], ["480p"])), [
      "720p",
      "240p",
    ]);
    assert.deepEqual(names(rungsFor(source(1280, 720), ["1080p"], ["720p"])), []);
  });

  it("are never larger than the source, each once, largest first", () => {
    const side = fc.integer({ min: 16, max: 8_000 });
    const profiles = fc.array(fc.constantFrom("240p", "360p", "480p", "720p", "1080p", "1440p", "2160p"), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(side, side, profiles, (width, height, asked) => {
        const probe = source(width, height);
        const rungs = rungsFor(probe, asked, [sourceProfile(probe)]);
        assert.ok(
          rungs.every(
            (rung) => rung.width <= width && rung.height <= height && (rung.width % 2) + (rung.height % 2) === 0,
          ),
        );
        assert.equal(new Set(names(rungs)).size, rungs.length);
        assert.ok(
          rungs.every(
            (rung, n) =>
              n === 0 || rung.width * rung.height <= (rungs[n - 1]?.width ?? 0) * (rungs[n - 1]?.height ?? 0),
          ),
        );
      }),
    );
  });

  it("are none for sound", () => {
    const { video: _, ...sound } = source(640, 480);
    assert.deepEqual(rungsFor(sound, ["480p"], []), []);
  });
});

describe("progress", () => {
  const steps = fc.constantFrom(...Object.values(stepsOf));

  it("grows with each step and each share, and never says 100", () => {
    fc.assert(
      fc.property(steps, fc.float({ noNaN: true }), fc.float({ noNaN: true }), (all, one, other) => {
        const names = all.map(({ name }) => name);
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        for (const name of names) assert.ok(percentOf(all, name, low) <= percentOf(all, name, high));
        const ends = names.flatMap((name) => [percentOf(all, name, 0), percentOf(all, name, 1)]);
        assert.deepEqual(
          ends,
          ends.toSorted((a, b) => a - b),
        );
        assert.deepEqual([ends[0], ends.at(-1)], [0, 99]);
      }),
    );
  });

  it("weighs a whole of 100", () => {
    for (const all of Object.values(stepsOf))
      assert.equal(
        all.reduce((sum, { weight }) => sum + weight, 0),
        100,
      );
  });

  it("is told at most every two seconds and only when it is news, also after telling failed", async () => {
    let nowMs = 0;
    const told: [number, StepName][] = [];
    const progress = new Progress(
      async (percent, step) => {
        told.push([percent, step]);
        throw new Error("nobody hears it");
      },
      () => nowMs,
    );
    assert.equal(progress.at("remux", 0.9), 0, "begun on a guess that may be taken back");
    progress.steps = stepsOf.ladder;
    for (const [at, share] of [
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
      progress.at("ladder", share);
    }
    await progress.settled();
    assert.deepEqual(told, [
      [5, "ladder"],
      [43, "ladder"],
      [62, "ladder"],
    ]);
  });
});

describe("the length of what was made (F12)", () => {
  const basic = source(1280, 720);
  const silent = { ...basic, demuxer: "mpegts" } as const;
  for (const [name, made, facts, playsMs, expected] of [
    ["all of it is", [video(6_000)], basic, undefined, true],
    ["the first half is not", [video(3_000)], basic, undefined, false],
    ["twice the source and more is not", [video(30_000)], basic, undefined, false],
    ["pictures that end before the sound are", [video(2_000), sound(6_000)], basic, undefined, true],
    ["half of both is not", [video(3_000), sound(3_000)], basic, undefined, false],
    ["a cut-off end of a second is", [video(5_050)], basic, undefined, true],
    ["all pictures are, the last of them cut short", [video(3_000, 180)], basic, undefined, true],
    ["half of the pictures of a long source is not", [video(1_800_000)], lasting(3_600_000), undefined, false],
    ["all pictures of a long source are", [video(1_800_000, 108_000)], lasting(3_600_000), undefined, true],
    ["as much as the first rendition is", [video(2_000)], { ...basic, durationMs: 6_000 }, 2_000, true],
    ["half of the first rendition is not", [video(1_000, 30)], basic, 4_000, false],
    ["what FFmpeg makes of timestamps that jump is", [video(3_000)], silent, undefined, true],
    ["half of the first rendition of such a source is not", [video(3_000)], silent, 6_000, false],
    ["nothing to speak of is not", [video(1, 1)], basic, undefined, false],
  ] as const)
    it(`${name} taken for whole`, () => assert.equal(isWhole(made, facts, playsMs), expected));

  it("is never taken for whole below a half, nor otherwise where nothing is missing", () => {
    const length = fc.integer({ min: 4_000, max: 12 * 3_600_000 });
    fc.assert(
      fc.property(length, fc.double({ min: 0.01, max: 0.5, noNaN: true }), (durationMs, share) => {
        assert.equal(isWhole([video(durationMs * share)], lasting(durationMs)), false);
        assert.equal(isWhole([video(durationMs)], lasting(durationMs)), true);
      }),
    );
  });
});

const names = (rungs: readonly { readonly name: string }[]) => rungs.map(({ name }) => name);

/** A source of which only the size matters. */
function source(width: number, height: number): Probe & { video: NonNullable<Probe["video"]> } {
  return {
    kind: "video",
    demuxer: "mov",
    durationMs: 6_000,
    sizeBytes: 6_000_000,
    bitrateBps: 8_000_000,
    streamCount: 1,
    video: {
      index: 0,
      codec: "h264",
      pixelFormat: "yuv420p",
      bitDepth: 8,
      chroma: "4:2:0",
      width,
      height,
      displayWidth: width,
      displayHeight: height,
      rotation: 0,
      isTransformed: false,
      sar: 1,
      fps: 30,
      fieldOrder: "progressive",
      startMs: 0,
      keyframeGapMs: 2_000,
      startsWithKeyframe: true,
      frames: 180,
    },
  };
}

/** A source of pictures at 30 a second; of a long one only the ends were counted. */
function lasting(durationMs: number): Probe {
  const { video, ...facts } = source(1280, 720);
  const frames = Math.min(durationMs, durationMs > 180_000 ? 80_000 : 180_000) * 0.03;
  return { ...facts, durationMs, video: { ...video, frames: Math.round(frames) } };
}

/** An index of which only the length matters, and how many pictures there are. */
function video(lengthMs: number, samples = Math.round(lengthMs * 0.03)): TrackIndex {
  return {
    kind: "video",
    codec: "avc1.64001f",
    timescale: 1_000,
    width: 1280,
    height: 720,
    sizeBytes: 1_000,
    init: { offset: 0, size: 100 },
    durationTicks: lengthMs,
    samples,
    peakBps: 1,
    averageBps: 1,
    segmentsOffset: 100,
    segmentBytes: [900],
    segmentTicks: [lengthMs],
    keyframeBytes: [10],
  };
}

function sound(lengthMs: number): TrackIndex {
  return { ...video(lengthMs), kind: "audio", codec: "mp4a.40.2" };
}
