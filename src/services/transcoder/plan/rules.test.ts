import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigError } from "#kernel/config-error";
import { loadConfig } from "#kernel/config/load";
import type { TrackIndex } from "#media/mp4/indexer";
import type { Probe } from "#media/source/probe";
import { profileNames, sideOf, usualProfiles } from "#media/renditions/rung";
import fc from "fast-check";
import { isWhole } from "./length.ts";
import { rungsFor, sourceProfile, worthKeeping } from "./plan.ts";

const noRoles = { names: [], aliases: {} };

describe("further renditions", () => {
  it("are the usual sizes up to the source's own, without those close to existing ones", () => {
    for (const [width, height, made, expected] of [
      [1280, 720, "720p", ["480p", "240p"]],
      [1920, 1080, "first", ["1080p", "720p", "480p", "240p"]],
      [854, 480, "first", ["480p", "240p"]],
      [160, 90, "first", ["90p"]],
      [1920, 1080, "1080p", ["720p", "480p", "240p"]],
      [1024, 576, "first", ["576p", "480p", "240p"]],
      [854, 480, "480p", ["240p"]],
      [540, 960, "540p", ["240p"]],
      [360, 640, "360p", ["240p"]],
      [320, 240, "240p", []],
      [160, 90, "90p", []],
      [3840, 2160, "2160p", ["1440p", "1080p", "720p", "480p", "240p"]],
      [7680, 4320, "first", ["2160p", "1440p", "1080p", "720p", "480p", "240p"]],
    ] as const)
      assert.deepEqual(names(rungsOf(source(width, height), { made: [made] })), expected, `${width}x${height}`);
  });

  it("are the configured profiles of the instance, and none larger than the largest of these", () => {
    const profiles = ["720p", "360p"];
    assert.deepEqual(names(rungsOf(source(1920, 1080), { profiles })), ["720p", "360p"]);
    assert.deepEqual(names(rungsOf(source(854, 480), { profiles })), ["480p", "360p"]);
    assert.deepEqual(names(rungsOf(source(320, 240), { profiles })), ["240p"]);
    assert.deepEqual(names(rungsOf(source(1920, 1080), { profiles, made: ["1080p"] })), ["720p", "360p"]);
  });

  it("are the requested ones, capped at the source's size, without existing ones", () => {
    const requested = ["2160p", "240p", "1080p", "480p", "360p"];
    assert.deepEqual(names(rungsOf(source(1280, 720), { requested, made: ["480p"] })), ["720p", "360p", "240p"]);
    assert.deepEqual(names(rungsOf(source(1280, 720), { requested: ["1080p"], made: ["720p"] })), []);
  });

  it("are unique, largest first, never larger than the source and, unless requested, smaller than existing ones", () => {
    const side = fc.integer({ min: 16, max: 8_000 });
    const some = fc.subarray([...profileNames], { minLength: 1 });
    fc.assert(
      fc.property(side, side, fc.oneof(fc.constant([]), some), some, (width, height, requested, profiles) => {
        const probe = source(width, height);
        const encodedProfiles = [sourceProfile(probe)];
        const rungs = rungsOf(probe, { requested, profiles, made: encodedProfiles });
        assert.ok(
          rungs.every(
            (rung) => rung.width <= width && rung.height <= height && (rung.width % 2) + (rung.height % 2) === 0,
          ),
        );
        assert.equal(new Set(names(rungs)).size, rungs.length);
        const areas = rungs.map((rung) => rung.width * rung.height);
        assert.deepEqual(
          areas,
          areas.toSorted((a, b) => b - a),
        );
        const own = Math.min(width, height);
        if (requested.length === 0) assert.ok(rungs.every(({ name }) => sideOf(name) * 1.15 < own));
      }),
    );
  });

  it("are not made for audio without video", () => {
    const { video: _, ...sound } = source(640, 480);
    assert.deepEqual(rungsOf(sound, { requested: ["480p"] }), []);
  });

  it("have names that KINORA_LADDER accepts, and no others", () => {
    assert.deepEqual(
      loadConfig([`--data=.`], { KINORA_LADDER: profileNames.join() }, ".", noRoles).config.media.ladder,
      [...profileNames],
    );
    assert.deepEqual(loadConfig([`--data=.`], {}, ".", noRoles).config.media.ladder, usualProfiles);
    for (const wrong of ["480p,4k", ","])
      assert.throws(() => loadConfig(["--data=."], { KINORA_LADDER: wrong }, ".", noRoles), ConfigError, wrong);
  });
});

describe("an encoded rendition", () => {
  const rate = (width: number, height: number, bitrateBps: number) => ({ width, height, bitrateBps });

  it("is kept when its bitrate is at least a fifth below that of the next larger one", () => {
    const [top, middle, low] = [rate(1920, 1080, 4_000), rate(1280, 720, 3_300), rate(852, 480, 3_100)];
    assert.deepEqual(worthKeeping([top, middle, low], []), [top, low]);
    assert.deepEqual(worthKeeping([middle, low], [top]), [low]);
    assert.deepEqual(worthKeeping([middle], [rate(1280, 720, 1)]), [middle]);
  });

  it("is kept at any bitrate when it is the largest", () => {
    const rates = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.nat()), {
      minLength: 1,
      selector: ([side]) => side,
    });
    fc.assert(
      fc.property(rates, (sizes) => {
        const encoded = sizes.map(([side, bitrateBps]) => rate(side, side, bitrateBps));
        const kept = worthKeeping(encoded, []);
        const largest = Math.max(...encoded.map(({ width }) => width));
        assert.ok(kept.some(({ width }) => width === largest));
        for (const one of kept)
          for (const other of kept.filter(({ width }) => width > one.width))
            assert.ok(one.bitrateBps <= other.bitrateBps * 0.8);
      }),
    );
  });
});

describe("the length check of a rendition (F12)", () => {
  const basic = source(1280, 720);
  const shortPicture = { ...basic, video: { ...basic.video, endMs: 2_000 } };
  for (const [name, made, facts, playsMs, expected] of [
    ["the whole length complete", [video(6_000)], basic, undefined, true],
    ["the first half incomplete", [video(3_000)], basic, undefined, false],
    ["more than twice the length of the source wrong", [video(30_000)], basic, undefined, false],
    ["video that ends before the audio complete", [video(2_000), sound(6_000)], shortPicture, undefined, true],
    ["video that ends half-way beside whole audio incomplete", [video(3_000), sound(6_000)], basic, undefined, false],
    ["audio that ends before the video complete", [video(6_000), sound(3_000)], basic, undefined, true],
    ["half of video and audio incomplete", [video(3_000), sound(3_000)], basic, undefined, false],
    ["half of audio without video incomplete", [sound(3_000)], basic, undefined, false],
    ["all but the last second complete", [video(5_050)], basic, undefined, true],
    ["all frames with a shortened end complete", [video(3_000, 180)], basic, undefined, true],
    ["half of the frames of a long source incomplete", [video(1_800_000)], lasting(3_600_000), undefined, false],
    ["all frames of a long source complete", [video(1_800_000, 108_000)], lasting(3_600_000), undefined, true],
    ["the length of the first rendition complete", [video(2_000)], { ...basic, durationMs: 6_000 }, 2_000, true],
    ["half of the first rendition incomplete", [video(1_000, 30)], basic, 4_000, false],
    ["an almost empty output incomplete", [video(1, 1)], basic, undefined, false],
  ] as const)
    it(`judges ${name}`, () => assert.equal(isWhole(made, facts, playsMs), expected));

  it("judges up to half of any source incomplete, and all of it complete", () => {
    const length = fc.integer({ min: 4_000, max: 12 * 3_600_000 });
    fc.assert(
      fc.property(length, fc.double({ min: 0.01, max: 0.5, noNaN: true }), (durationMs, share) => {
        assert.equal(isWhole([video(durationMs * share)], lasting(durationMs)), false);
        assert.equal(isWhole([video(durationMs)], lasting(durationMs)), true);
      }),
    );
  });
});

/** The renditions of a source with the usual settings. */
const rungsOf = (probe: Probe, selection: Partial<Parameters<typeof rungsFor>[1]>) =>
  rungsFor(probe, { requested: [], profiles: usualProfiles, made: [], ...selection });

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
      endMs: 6_000,
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
  return { ...facts, durationMs, video: { ...video, endMs: durationMs, frames: Math.round(frames) } };
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
