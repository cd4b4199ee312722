import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { boxes, need } from "../mp4/box.ts";
import { readFragment } from "../mp4/fragment.ts";
import { readTrack, type Track } from "../mp4/track.ts";
import { folder, testTools, without } from "../testing.ts";
import type { InitEvent, LiveEvent, OpenedEvent, PartEvent } from "./events.ts";
import type { Format, Frame } from "../frames/frame.ts";
import { OutputNumbers } from "./output-numbers.ts";
import { Packager, type PackagerOptions } from "./packager.ts";
import { partTicksOf } from "./start-gate.ts";
import {
  encodedStream,
  movedOn,
  pictureFormat as picture,
  soundFormat as sound,
  steadyFrames as steady,
} from "./testing.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");

test("FFmpeg decodes every frame of both tracks, with B-frames and across a reconnect", { skip }, async (t) => {
  const at = await folder(t);
  const { formats, frames } = await encodedStream({ seconds: 5, bFrames: 2 });
  const packed = packagerOf();
  send(packed.packager, formats, frames, 0);
  packed.packager.restart();
  send(packed.packager, formats, frames, 9_000);
  packed.packager.end();
  for (const track of ["video", "audio"] as const) {
    const path = join(at, `${track}.mp4`);
    const parts = partsOf(packed.events, track);
    await writeFile(path, Buffer.concat([initOf(packed.events, track), ...parts.map(({ bytes }) => bytes)]));
    const { stdout, stderr } = await run("ffprobe", [
      "-v",
      "warning",
      "-count_frames",
      "-of",
      "csv=p=0",
      "-show_entries",
      "stream=nb_read_frames",
      path,
    ]);
    assert.equal(stderr, "");
    assert.equal(
      Number(stdout),
      parts.reduce((sum, part) => sum + part.frames, 0),
    );
    const decoded = await run("ffmpeg", ["-v", "warning", "-xerror", "-i", path, "-f", "null", "-"]);
    assert.equal(decoded.stderr, "");
  }
  const pictures = partsOf(packed.events, "video").reduce((sum, part) => sum + part.frames, 0);
  assert.equal(pictures, 2 * frames.filter(({ kind }) => kind === "video").length);
});

test("equal formats after a reconnect keep the header, others begin a generation", () => {
  const { packager, events } = packagerOf();
  const clip = steady({ seconds: 3 });
  send(packager, [picture, sound], clip, 0);
  packager.restart();
  send(packager, [picture, sound], clip, 10_000);
  packager.restart();
  const other = { ...picture, config: Buffer.from([1, 77, 0, 31, 255, 225, 0, 0]) };
  send(packager, [other, sound], clip, 20_000);
  packager.end();
  assert.deepEqual(
    inits(events).map(({ generation }) => generation),
    [0, 1],
  );
  const discontinuous = openings(events).filter(({ isDiscontinuous }) => isDiscontinuous);
  assert.deepEqual(
    discontinuous.map(({ generation }) => generation),
    [0, 1],
  );
  // The wall clock went on: the third publisher's first picture is 20 s after the first one's.
  assert.ok(Math.abs((discontinuous[1]?.startTicks ?? 0) - 20 * 90_000) <= 90 * 40);
});

test("numbers of a stream rise over an interruption and another process, each of which is a discontinuity", () => {
  const numbers = new OutputNumbers(undefined);
  assert.equal(numbers.beginGeneration(), 0);
  assert.deepEqual(numbers.beginSegment(), { msn: 0, generation: 0, isDiscontinuous: false, discontinuities: 0 });
  numbers.interrupt(90_000);
  numbers.interrupt(45_000);
  assert.deepEqual(numbers.reachedPoint(0), { msn: 0, generation: 0, endMs: 1_000, discontinuities: 1 });
  assert.deepEqual(numbers.beginSegment(), { msn: 1, generation: 0, isDiscontinuous: true, discontinuities: 1 });

  const resumed = new OutputNumbers({ msn: 5, generation: 3, endTicks: 180_000, discontinuities: 1 });
  assert.equal(resumed.endTicks, 180_000);
  assert.equal(resumed.beginGeneration(), 3);
  assert.deepEqual(resumed.beginSegment(), { msn: 5, generation: 3, isDiscontinuous: true, discontinuities: 2 });
  assert.equal(resumed.beginSegment().isDiscontinuous, false);
});

test("a jump of the publisher's clock continues the output's and states a discontinuity", () => {
  for (const jumpSeconds of [60, -60, -2]) {
    const { packager, events } = packagerOf();
    const clip = steady({ seconds: 4 });
    send(packager, [picture, sound], clip, 0);
    for (const frame of clip) packager.frame(movedOn(frame, (4 + jumpSeconds) * 90_000), 4_000 + timeOf(frame) / 90);
    packager.end();
    const parts = partsOf(events, "video");
    assert.equal(openings(events).filter(({ isDiscontinuous }) => isDiscontinuous).length, 1, String(jumpSeconds));
    for (const [n, part] of parts.entries())
      if (n > 0) assert.ok(part.startTicks >= endOf(parts[n - 1]), `part ${n} goes back`);
    assert.ok(endOf(parts.at(-1)) < 8.2 * 90_000);
  }
});

test("cuts a group of pictures that is too long between key frames", () => {
  const { packager, events } = packagerOf({ segmentMaxMs: 4_000 });
  send(packager, [picture, sound], steady({ seconds: 20, keySeconds: 8.5 }), 0);
  packager.end();
  const durations = segmentsOf(partsOf(events, "video")).map((parts) =>
    parts.reduce((sum, part) => sum + part.durationTicks, 0),
  );
  assert.ok(durations.length >= 5 && durations.every((ticks) => ticks <= 4 * 90_000), String(durations));
  // A key frame begins a segment, however short the one before it is: players can only begin there.
  const independent = segmentsOf(partsOf(events, "video")).filter(([first]) => first?.isIndependent);
  assert.equal(independent.length, 3);
});

test("a stream of sound alone has segments of two seconds", () => {
  const { packager, events } = packagerOf();
  send(
    packager,
    [sound],
    steady({ seconds: 9 }).filter(({ kind }) => kind === "audio"),
    0,
  );
  packager.end();
  assertParts(events, "audio");
  const segments = segmentsOf(partsOf(events, "audio"));
  assert.equal(segments.length, 5);
  for (const parts of segments.slice(0, -1)) {
    const seconds = parts.reduce((sum, part) => sum + part.durationTicks, 0) / 48_000;
    assert.ok(Math.abs(seconds - 2) < 0.03, String(seconds));
  }
});

test("a stream of pictures alone is packaged once its sound has been waited for", () => {
  const { packager, events } = packagerOf();
  send(
    packager,
    [picture],
    steady({ seconds: 5 }).filter(({ kind }) => kind === "video"),
    0,
  );
  packager.end();
  assert.deepEqual(
    inits(events).map(({ tracks }) => tracks.map(({ kind }) => kind)),
    [["video"]],
  );
  assert.equal(
    partsOf(events, "video").reduce((sum, part) => sum + part.frames, 0),
    150,
  );
});

test("a stream whose clock stands still from the first frame on has the times of its arrival", () => {
  const { packager, events } = packagerOf();
  for (const format of [picture, sound]) packager.format(format);
  for (const frame of steady({ seconds: 12 })) {
    const atMs = (frame.kind === "video" ? frame.dts : frame.pts) / 90;
    packager.frame(frame.kind === "video" ? { ...frame, dts: 0, pts: 0 } : { ...frame, pts: 0 }, atMs);
  }
  packager.end();
  for (const track of ["video", "audio"]) {
    const parts = partsOf(events, track);
    const [first, last] = [parts[0], parts.at(-1)];
    assert.ok(first && last);
    const scale = track === "video" ? 90_000 : sound.sampleRate;
    const seconds = (last.startTicks + last.durationTicks - first.startTicks) / scale;
    assert.ok(Math.abs(seconds - 12) < 1.2, `${track}: ${seconds} s`);
  }
  const opened = events.filter(({ kind }) => kind === "opened");
  assert.ok(opened.length >= 4, `${opened.length} segments`);
});

test("pictures go on while the sound stands still", () => {
  const { packager, events } = packagerOf();
  const clip = steady({ seconds: 12 }).filter((frame) => frame.kind === "video" || timeOf(frame) < 3 * 90_000);
  send(packager, [picture, sound], clip, 0);
  const closed = events.filter((event) => event.kind === "closed" && event.track === "audio");
  // The segment that is open, and the one that the sound may still be late for.
  assert.ok(closed.length >= openings(events).length - 2, String(closed.length));
  packager.end();
  assert.equal(segmentsOf(partsOf(events, "audio")).length, 2);
});

test("parts have 85 % of the target at any usual frame rate", () => {
  for (const rate of [10, 12.5, 15, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 60, 120])
    for (const unitTicks of [0, 1_800, 1_920, (1_024 * 90_000) / 44_100]) {
      const frameTicks = 90_000 / rate;
      const target = partTicksOf(22_500, frameTicks, unitTicks);
      const filled = Math.floor(target / frameTicks) * frameTicks;
      assert.ok(filled >= target * 0.85, `${rate} frames a second: ${filled} of ${target}`);
      assert.ok(target <= 0.31 * 90_000, String(target));
    }
});

test("parts of any publisher keep the promises of the playlist", () => {
  fc.assert(
    fc.property(anyStream, ({ frames, nowMs }) => {
      const { packager, events } = packagerOf();
      packager.format(picture);
      packager.format(sound);
      for (const [n, frame] of frames.entries()) packager.frame(frame, nowMs[n] ?? 0);
      packager.end();
      const laid = [...partsOf(events, "video"), ...partsOf(events, "audio")].reduce(
        (sum, part) => sum + part.frames,
        0,
      );
      assert.equal(laid + packager.dropped, frames.length);
      assertOrder(events);
      for (const track of new Set(inits(events).flatMap(({ tracks }) => tracks.map(({ kind }) => kind))))
        assertParts(events, track);
    }),
    { numRuns: 200 },
  );
});

test("a frame of 10,000 costs as much as one of the first hundred", () => {
  const msOf = (seconds: number): number => {
    const clip = steady({ seconds });
    const { packager } = packagerOf();
    const started = performance.now();
    send(packager, [picture, sound], clip, 0);
    return (performance.now() - started) / clip.length;
  };
  // The least of three: other programs take time as well.
  const least = (seconds: number): number => Math.min(...Array.from({ length: 3 }, () => msOf(seconds)));
  const [short, long] = [least(30), least(300)];
  assert.ok(long < short * 4 + 0.01, `${short} ms, ${long} ms a frame`);
});

test("sound of a publisher that states pictures and sends none begins after ten seconds, pictures when they come", () => {
  const events: LiveEvent[] = [];
  const packager = new Packager({ originMs: 0, emit: (event) => events.push(event) });
  packager.format(picture);
  packager.format(sound);
  const frames = steady({ seconds: 20 });
  const kinds = () => inits(events).map(({ tracks }) => tracks.map(({ kind }) => kind));
  for (const frame of frames) {
    const at = frame.kind === "video" ? frame.dts : frame.pts;
    // Pictures that need others before them are none.
    const isSent = frame.kind === "audio" || at >= 14 * 90_000 || (at < 45_000 && !frame.isKey);
    if (isSent) packager.frame(frame, at / 90);
    if (at < 10 * 90_000) assert.deepEqual(kinds(), []);
    else if (at > 10.1 * 90_000 && at < 14 * 90_000) assert.deepEqual(kinds(), [["audio"]]);
  }
  packager.end();
  assert.deepEqual(kinds(), [["audio"], ["video", "audio"]]);
  const [first] = partsOf(events, "video");
  assert.ok(first?.isIndependent);
  assert.ok(Math.abs(first.startTicks - 14 * 90_000) < 9_000, `${first.startTicks}`);
  assert.equal(partsOf(events, "audio")[0]?.startTicks, 0);
});

const run = promisify(execFile);

interface Packed {
  readonly packager: Packager;
  readonly events: LiveEvent[];
}

function packagerOf(options: Partial<PackagerOptions> = {}): Packed {
  const events: LiveEvent[] = [];
  const packager = new Packager({ originMs: 1_800_000_000_000, emit: (event) => events.push(event), ...options });
  return { packager, events };
}

function send(packager: Packager, formats: readonly Format[], frames: readonly Frame[], fromMs: number): void {
  for (const format of formats) packager.format(format);
  for (const frame of frames) packager.frame(frame, fromMs + timeOf(frame) / 90);
}

const timeOf = (frame: Frame): number => (frame.kind === "video" ? frame.dts : frame.pts);
const endOf = (part: PartEvent | undefined): number => (part === undefined ? 0 : part.startTicks + part.durationTicks);
const inits = (events: readonly LiveEvent[]): InitEvent[] => events.filter((event) => event.kind === "init");
const openings = (events: readonly LiveEvent[]): OpenedEvent[] => events.filter((event) => event.kind === "opened");
const partsOf = (events: readonly LiveEvent[], track: string): PartEvent[] =>
  events.filter((event): event is PartEvent => event.kind === "part" && event.track === track);

function segmentsOf(parts: readonly PartEvent[]): PartEvent[][] {
  const segments = new Map<number, PartEvent[]>();
  for (const part of parts) segments.set(part.msn, [...(segments.get(part.msn) ?? []), part]);
  return [...segments.values()];
}

function initOf(events: readonly LiveEvent[], track: string): Buffer {
  const found = inits(events)
    .flatMap(({ tracks }) => tracks)
    .find((one) => one.track === track);
  assert.ok(found);
  return found.init;
}

/** Segments are opened once, in order, and parts lie between the opening and the closing of theirs. */
function assertOrder(events: readonly LiveEvent[]): void {
  const closed = new Set<string>();
  let msn = -1;
  for (const event of events) {
    if (event.kind === "opened") assert.equal(event.msn, ++msn);
    if (event.kind !== "part" && event.kind !== "closed") continue;
    assert.ok(event.msn <= msn && !closed.has(`${event.track} ${event.msn}`));
    if (event.kind === "closed") closed.add(`${event.track} ${event.msn}`);
  }
  const tracksOf = new Map(inits(events).map(({ generation, tracks }) => [generation, tracks.length]));
  const expected = openings(events).reduce((sum, { generation }) => sum + (tracksOf.get(generation) ?? 0), 0);
  assert.equal(closed.size, expected);
  assert.equal(events.at(-1)?.kind, "end");
}

/** The events agree with the reader of recorded files about the bytes of each part. */
function assertParts(events: readonly LiveEvent[], name: "video" | "audio"): void {
  const parts = partsOf(events, name);
  const init = initOf(events, name);
  const track = trackOf(init);
  const target = inits(events)[0]?.partTargetMs ?? 0;
  let before = 0;
  for (const [n, part] of parts.entries()) {
    const read = fragmentOf(part.bytes, track);
    const { startTicks, durationTicks, frames, isIndependent } = part;
    assert.deepEqual(
      { startTicks, durationTicks, frames, isIndependent },
      {
        startTicks: read.startTicks,
        durationTicks: read.durationTicks,
        frames: read.samples,
        isIndependent: read.startsWithKeyframe,
      },
    );
    assert.equal(part.keyframeBytes, name === "video" && read.startsWithKeyframe ? read.firstSampleEnd : 0);
    assert.ok(
      frames === 1 || (durationTicks * 1_000) / track.timescale <= target + 1e-6,
      `part ${n} of ${name}: ${durationTicks} of ${target}`,
    );
    assert.ok(startTicks >= before, `${name} goes back`);
    before = startTicks + durationTicks;
  }
  for (const segment of segmentsOf(parts))
    assert.deepEqual(
      segment.map(({ part }) => part),
      [...segment.keys()],
    );
}

function trackOf(init: Buffer): Track {
  const view = viewOf(init);
  return readTrack(view, need(view, { type: "", start: 0, body: 0, end: init.length }, "moov"));
}

function fragmentOf(bytes: Buffer, track: Track): ReturnType<typeof readFragment> {
  const view = viewOf(bytes);
  const [moof, mdat, ...rest] = boxes(view, 0, bytes.length);
  assert.ok(moof?.type === "moof" && mdat?.type === "mdat" && rest.length === 0);
  const fragment = readFragment(view, moof, track);
  assert.ok(fragment.firstSampleEnd <= bytes.length);
  return fragment;
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

interface AnyStream {
  readonly frames: Frame[];
  readonly nowMs: number[];
}

/** Steps of time that go ahead, stand still, go back and jump, with key frames where chance has them. */
const anyStream: fc.Arbitrary<AnyStream> = fc
  .tuple(
    fc.constantFrom(1_500, 3_000, 3_600, 6_000, 90_000),
    fc.array(
      fc.record({
        isVideo: fc.boolean(),
        isKey: fc.integer({ min: 0, max: 20 }).map((n) => n === 0),
        jitter: fc.oneof(
          { weight: 30, arbitrary: fc.integer({ min: -90, max: 90 }) },
          { weight: 1, arbitrary: fc.integer({ min: -500_000, max: 500_000 }) },
        ),
        composition: fc.integer({ min: 0, max: 6_000 }),
      }),
      { minLength: 1, maxLength: 400 },
    ),
  )
  .map(([step, steps]) => {
    let [video, audio, now] = [900_000, 900_000, 0];
    const nowMs: number[] = [];
    const frames = steps.map(({ isVideo, isKey, jitter, composition }, n): Frame => {
      now += 15;
      nowMs.push(now);
      if (Math.abs(jitter) > 90) video = audio = Math.max(0, video + jitter);
      if (isVideo) {
        video += step;
        const dts = Math.max(0, Math.abs(jitter) > 90 ? video : video + jitter);
        return {
          kind: "video",
          dts,
          pts: dts + composition,
          isKey: isKey || n < 2,
          bytes: Buffer.alloc(5 + (n % 9), n),
        };
      }
      audio += 1_920;
      return {
        kind: "audio",
        pts: Math.max(0, Math.abs(jitter) > 90 ? audio : audio + jitter),
        samples: 1_024,
        bytes: Buffer.alloc(3, n),
      };
    });
    return { frames, nowMs };
  });
