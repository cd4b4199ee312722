import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { InitEvent } from "#media/live/events";
import type { RecordedSegment } from "#media/live/recording/recording-layout";
import fc from "fast-check";
import { durationOf, positionOf, timelineOf } from "./timeline.ts";

describe("the timeline of a recording", () => {
  it("has a stretch for each time that the publisher was there", () => {
    const stretches = timelineOf(init, [segment(1, 0), segment(2, 2_000), segment(3, 9_000), segment(4, 11_050)]);
    assert.deepEqual(stretches, [
      { atMs: 1_000_000, positionMs: 0, durationMs: 4_000 },
      { atMs: 1_009_000, positionMs: 4_000, durationMs: 4_000 },
    ]);
    assert.equal(durationOf(stretches), 8_000);
  });

  it("gives the position of a moment in the video, and none for a moment that was not recorded", () => {
    const stretches = timelineOf(init, [segment(1, 0), segment(2, 2_000), segment(3, 9_000)]);
    const table = [
      [994_999, undefined],
      [995_000, 0],
      [1_000_000, 0],
      [1_003_500, 3_500],
      [1_006_000, 4_000],
      [1_009_000, 4_000],
      [1_010_500, 5_500],
      [1_015_900, 6_000],
      [1_016_100, undefined],
    ] as const;
    for (const [atMs, position] of table) assert.equal(positionOf(stretches, atMs), position, String(atMs));
    assert.equal(positionOf([], 1_000_000), undefined);
  });

  it("never goes back, and stays within the video", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(gaps, (lengths) => {
        let startMs = 0;
        const stretches = timelineOf(
          init,
          lengths.map((gap, msn) => {
            startMs += 2_000 + gap;
            return segment(msn, startMs);
          }),
        );
        let last = 0;
        for (let atMs = 1_000_000; atMs < 1_000_000 + startMs + 10_000; atMs += 333) {
          const position = positionOf(stretches, atMs);
          if (position === undefined) continue;
          assert.ok(position >= last && position <= durationOf(stretches));
          last = position;
        }
      }),
    );
  });
});

const init: Pick<InitEvent, "originMs" | "tracks"> = {
  originMs: 1_000_000,
  tracks: [
    {
      track: "video",
      kind: "video",
      id: 1,
      codec: "avc1.64001f",
      timescale: 90_000,
      width: 640,
      height: 360,
      stated: { peakBps: 1, averageBps: 1, framesPerSecond: 30 },
      init: Buffer.alloc(0),
      format: { kind: "video", codec: "h264", config: Buffer.alloc(0), width: 640, height: 360 },
    },
  ],
};

/** A segment of two seconds. */
const segment = (msn: number, startMs: number): RecordedSegment => ({
  msn,
  isDiscontinuous: false,
  startTicks: startMs * 90,
  ranges: [
    {
      track: "video",
      offset: 0,
      size: 10,
      startTicks: startMs * 90,
      durationTicks: 180_000,
      frames: 60,
      keyframeBytes: 5,
    },
  ],
});
