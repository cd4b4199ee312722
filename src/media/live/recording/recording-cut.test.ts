import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { InitEvent } from "../events.ts";
import { Packager } from "../packager.ts";
import { cutOf, lastSegments, segmentMs } from "./recording-cut.ts";
import { type RecordedSegment, RecordingLayout, recordedIndex } from "./recording-layout.ts";
import { pictureFormat, soundFormat, steadyFrames } from "../testing.ts";

describe("the last segments of a recording", () => {
  it("are whole, so many that their film is long enough", () => {
    const recording = recorded();
    for (const [seconds, count] of [
      [1, 1],
      [2, 2],
      [3, 2],
      [3.1, 3],
      [99, 5],
    ] as const)
      assert.equal(lastSegments(recording.init, recording.segments, seconds * 1_000).length, count, `${seconds} s`);
  });

  it("are as few as needed from a key frame on", () => {
    const { init } = recorded();
    const lengths = fc.array(
      fc.record({ ms: fc.integer({ min: 200, max: 9_000 }), isKey: fc.boolean(), isMute: fc.boolean() }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 60_000 }), (shapes, wantedMs) => {
        const segments = shapes.map(({ ms, isKey, isMute }, msn) => segment(msn, ms, { isKey, isMute }));
        const last = lastSegments(init, segments, wantedMs);
        const from = segments.length - last.length;
        assert.deepEqual(last, segments.slice(from));
        const naive = segments.map((_, n) => n).filter((n) => shapes[n]?.isKey);
        const filmMs = (n: number) => segments.slice(n).reduce((sum, one) => sum + segmentMs(one, init.tracks), 0);
        const expected = naive.findLast((n) => filmMs(n) >= wantedMs) ?? naive[0] ?? segments.length;
        assert.equal(from, expected);
      }),
    );
  });

  it("begin anywhere where there is no picture", () => {
    const { init } = recorded();
    const sound = { tracks: init.tracks.filter(({ kind }) => kind === "audio") };
    const segments = [1, 2, 3].map((msn) => segment(msn, 2_000, { isKey: false, isMute: false }));
    assert.equal(lastSegments(sound, segments, 3_000).length, 2);
  });
});

describe("the file of some segments of a recording", () => {
  it("has their bytes as they were, behind a header that says where it begins", () => {
    const { init, segments, file } = recorded();
    const last = segments.slice(2);
    const { header, segments: moved, trailer, sizeBytes } = cutOf(init, last);
    const bytes = last.flatMap(({ ranges }) => ranges.map(({ offset, size }) => file.subarray(offset, offset + size)));
    const cut = Buffer.concat([header, ...bytes, trailer]);
    assert.equal(cut.length, sizeBytes);
    for (const [n, { ranges }] of moved.entries())
      for (const [place, { offset, size }] of ranges.entries()) {
        const before = last[n]?.ranges[place];
        assert.ok(before);
        assert.deepEqual(cut.subarray(offset, offset + size), file.subarray(before.offset, before.offset + size));
      }
    for (const { track, init: single, kind, timescale } of init.tracks) {
      const index = recordedIndex(init, track, moved, sizeBytes);
      assert.ok(index);
      assert.deepEqual(cut.subarray(index.init.offset, index.init.offset + index.init.size), single);
      assert.equal(index.segmentStarts?.[0], kind === "video" ? 4 * timescale : 192_512);
    }
    // elst: one edit, its media time in ticks of the track (ISO/IEC 14496-12 §8.6.6).
    const edit = header.indexOf("elst");
    assert.deepEqual([header.readUInt32BE(edit + 8), header.readBigInt64BE(edit + 20)], [1, 360_000n]);
    assert.equal(header.length, new RecordingLayout(init).header.length);
  });
});

/** Nine seconds with a key frame every two. */
function recorded() {
  const events: Parameters<RecordingLayout["append"]>[0][] = [];
  const packager = new Packager({ originMs: 0, emit: (event) => events.push(event) });
  for (const format of [pictureFormat, soundFormat]) packager.format(format);
  for (const frame of steadyFrames({ seconds: 9 }))
    packager.frame(frame, (frame.kind === "video" ? frame.dts : frame.pts) / 90);
  packager.end();
  const init = events.find((event): event is InitEvent => event.kind === "init");
  assert.ok(init);
  const layout = new RecordingLayout(init);
  const written = events.flatMap((event) => layout.append(event) ?? []);
  const file = Buffer.concat([layout.header, ...written.flatMap(({ bytes }) => bytes)]);
  return { init, file, segments: written.map(({ segment: one }) => one) };
}

function segment(msn: number, ms: number, { isKey, isMute }: { isKey: boolean; isMute: boolean }): RecordedSegment {
  const of = { offset: 0, size: 10, startTicks: 0, frames: 1 };
  const picture = { ...of, track: "video", durationTicks: ms * 90, keyframeBytes: isKey ? 5 : 0 };
  const sound = { ...of, track: "audio", durationTicks: ms * 48, keyframeBytes: 0 };
  return { msn, isDiscontinuous: false, startTicks: 0, ranges: isMute ? [picture] : [picture, sound] };
}
