import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Probe, VideoProbe } from "../source/probe.ts";
import { isExcessive, ladder, quickRung } from "./rung.ts";

test("the ladder of a common source has the standard heights up to its own", () => {
  const names = (width: number, height: number) => ladder(source(width, height)).map(({ name }) => name);
  assert.deepEqual(names(1920, 1080), ["1080p", "720p", "480p", "240p"]);
  assert.deepEqual(names(1280, 720), ["720p", "480p", "240p"]);
  assert.deepEqual(names(1080, 1920), ["1080p", "720p", "480p", "240p"]);
  assert.deepEqual(names(768, 576), ["576p", "480p", "240p"]);
  assert.deepEqual(names(320, 180), ["180p"]);
  assert.deepEqual(names(7680, 4320), ["2160p", "1440p", "1080p", "720p", "480p", "240p"]);
});

test("the ladder of an instance has its own qualities, or the source's height below them", () => {
  const names = (width: number, height: number) =>
    ladder(source(width, height), ["480p", "240p", "360p"]).map(({ name }) => name);
  assert.deepEqual(names(1920, 1080), ["480p", "360p", "240p"]);
  assert.deepEqual(names(640, 360), ["360p", "240p"]);
  assert.deepEqual(names(160, 90), ["90p"]);
});

test("a quick rendition has at most 480 lines on its short side", () => {
  const { width, height, preset, name } = quickRung(source(1920, 1080));
  assert.deepEqual([width, height, preset, name], [852, 480, "ultrafast", "first"]);
  assert.equal(quickRung(source(320, 180)).height, 180);
});

test("a source is excessive with more than 1.5 times the ceiling of its size", () => {
  const at = (bitrateBps: number, fps = 30) => isExcessive({ ...source(1920, 1080, fps), bitrateBps });
  assert.deepEqual([at(9_000_000), at(9_000_001), at(12_600_000, 60), at(12_600_001, 60)], [false, true, false, true]);
});

test("renditions are even-sized, in the source's shape, never larger than it, and largest first", () => {
  const side = fc.integer({ min: 2, max: 8192 });
  fc.assert(
    fc.property(side, side, fc.double({ min: 1, max: 120, noNaN: true }), (width, height, fps) => {
      const rungs = ladder(source(width, height, fps));
      for (const rung of [...rungs, quickRung(source(width, height, fps))]) {
        assert.ok(rung.width <= width && rung.height <= height);
        assert.equal((rung.width % 2) + (rung.height % 2), 0);
        const scale = Math.max(rung.width / width, rung.height / height);
        assert.ok(Math.abs(width * scale - rung.width) <= 2 * Math.max(1, width / height) + 1);
        assert.ok(Number.isInteger(rung.maxrateBps) && rung.maxrateBps >= 100_000);
      }
      const pixels = rungs.map((rung) => rung.width * rung.height);
      assert.deepEqual(
        pixels,
        pixels.toSorted((a, b) => b - a),
      );
    }),
  );
});

test("the top rendition of a low-bitrate source stays close to the source's rate", () => {
  const [top] = ladder({ ...source(1920, 1080), bitrateBps: 1_000_000 });
  assert.equal(top?.maxrateBps, 1_100_000);
});

function source(displayWidth: number, displayHeight: number, fps = 30): Probe & { video: VideoProbe } {
  return {
    kind: "video",
    demuxer: "mov",
    durationMs: 10_000,
    sizeBytes: 50_000_000,
    bitrateBps: 40_000_000,
    streamCount: 1,
    video: {
      index: 0,
      codec: "h264",
      pixelFormat: "yuv420p",
      bitDepth: 8,
      chroma: "4:2:0",
      width: displayWidth,
      height: displayHeight,
      displayWidth,
      displayHeight,
      rotation: 0,
      isTransformed: false,
      sar: 1,
      fps,
      fieldOrder: "progressive",
      startMs: 0,
      endMs: 6_000,
      keyframeGapMs: 2000,
      startsWithKeyframe: true,
      frames: 300,
    },
  };
}
