import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { dashManifest } from "../../playlists/dash.ts";
import { mediaPlaylist } from "../../playlists/hls.ts";
import { segmentsOf, indexTrack, type TrackIndex } from "../../mp4/indexer.ts";
import { folder, testTools, without } from "../../testing.ts";
import type { InitEvent, PartEvent } from "../events.ts";
import { Packager } from "../packager.ts";
import { type RecordedSegment, RecordingLayout, recordedIndex, recordingTrailer } from "./recording-layout.ts";
import { encodedStream, pictureFormat, soundFormat, steadyFrames, type EncodedStream } from "../testing.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");

test("FFmpeg decodes all of the recording, with and without its trailer, across a reconnect", { skip }, async (t) => {
  const at = await folder(t);
  const stream = await encodedStream({ seconds: 5, bFrames: 2 });
  const { file, trailer, indexes } = recorded(stream, [0, 8_000]);
  for (const bytes of [file, Buffer.concat([file, trailer])]) {
    const path = join(at, "recording.mp4");
    await writeFile(path, bytes);
    const counts = await run("ffprobe", [...countFrames, "-show_entries", "stream=codec_type,nb_read_frames", path]);
    assert.equal(counts.stderr, "");
    assert.deepEqual(counts.stdout.trim().split("\n"), [
      `video,${indexes.video.samples}`,
      `audio,${indexes.audio.samples}`,
    ]);
    const decoded = await run("ffmpeg", ["-v", "warning", "-xerror", "-i", path, "-f", "null", "-"]);
    assert.equal(decoded.stderr, "");
    const sought = await run("ffmpeg", [
      "-v",
      "warning",
      "-ss",
      "9",
      "-i",
      path,
      "-frames:v",
      "1",
      "-f",
      "framemd5",
      "-",
    ]);
    assert.equal(sought.stderr, "");
  }
});

test("FFmpeg plays each track by the ranges of its HLS playlist and of its DASH manifest", { skip }, async (t) => {
  const { file, indexes } = recorded(await encodedStream({ seconds: 5 }), [0]);
  const uriOf = () => "recording.mp4";
  const manifest = dashManifest(
    [{ track: "video", index: indexes.video }],
    [{ track: "audio", index: indexes.audio }],
    [],
    uriOf,
  );
  const address = await served(t, {
    "recording.mp4": file,
    "video.m3u8": Buffer.from(mediaPlaylist({ track: "video", index: indexes.video }, uriOf)),
    "audio.m3u8": Buffer.from(mediaPlaylist({ track: "audio", index: indexes.audio }, uriOf)),
    "all.mpd": Buffer.from(manifest ?? ""),
  });
  const count = async (name: string, kind: "v" | "a"): Promise<number> => {
    const entries = ["-select_streams", kind, "-show_entries", "stream=nb_read_frames"];
    // FFmpeg that does not find a range reads on for ever.
    const { stdout } = await run("ffprobe", [...countFrames, ...entries, `${address}/${name}`], { timeout: 60_000 });
    return Number(stdout.trim().split("\n")[0]);
  };
  assert.equal(await count("video.m3u8", "v"), indexes.video.samples);
  assert.equal(await count("audio.m3u8", "a"), indexes.audio.samples);
  assert.equal(await count("all.mpd", "v"), indexes.video.samples);
  assert.equal(await count("all.mpd", "a"), indexes.audio.samples);
});

test("the ranges of a track are the bytes that viewers had, and the index is what the reader of files makes of them", async () => {
  const { file, indexes, parts } = recorded(
    { formats: [pictureFormat, soundFormat], frames: steadyFrames({ seconds: 9 }) },
    [0],
  );
  for (const track of ["video", "audio"] as const) {
    const index = indexes[track];
    const pieces = Array.from(segmentsOf(index), ({ offset, size }) => file.subarray(offset, offset + size));
    const own = parts.filter((part) => part.track === track);
    assert.deepEqual(Buffer.concat(pieces), Buffer.concat(own.map(({ bytes }) => bytes)));
    const { init } = index;
    const single = Buffer.concat([file.subarray(init.offset, init.offset + init.size), ...pieces]);
    const read = await indexTrack(
      (offset, length) => Promise.resolve(single.subarray(offset, offset + length)),
      single.length,
    );
    const { kind, codec, timescale, width, height, channels, samples, durationTicks, averageBps } = read;
    assert.deepEqual(
      { kind, codec, timescale, width, height, channels, samples, durationTicks, averageBps },
      Object.fromEntries(
        (
          [
            "kind",
            "codec",
            "timescale",
            "width",
            "height",
            "channels",
            "samples",
            "durationTicks",
            "averageBps",
          ] as const
        ).map((name) => [name, index[name]]),
      ),
    );
    // The reader sees each part as a segment of its own.
    assert.equal(read.segmentBytes.length, own.length);
    const firsts = own.flatMap((part, n) => (part.part === 0 ? [read.keyframeBytes[n]] : []));
    assert.deepEqual(index.keyframeBytes, firsts);
  }
  assert.deepEqual(indexes.video.segmentTicks, [180_000, 180_000, 180_000, 180_000, 90_000]);
});

test("the time without a publisher is a discontinuity and no part of the film", () => {
  const frames = steadyFrames({ seconds: 4 });
  const { indexes } = recorded({ formats: [pictureFormat, soundFormat], frames }, [0, 10_000]);
  for (const track of ["video", "audio"] as const) {
    const { discontinuities, segmentTicks, segmentStarts, durationTicks, timescale } = indexes[track];
    assert.deepEqual(discontinuities, [2]);
    assert.equal(segmentTicks.length, 4);
    assert.ok(Math.abs(durationTicks / timescale - 8) < 0.05);
    assert.ok(Math.abs((segmentStarts?.[2] ?? 0) / timescale - 10) < 0.05);
    const lines = mediaPlaylist({ track, index: indexes[track] }, () => "file").split("\n");
    const at = lines.indexOf("#EXT-X-DISCONTINUITY");
    assert.equal(lines.slice(0, at).filter((line) => line.startsWith("#EXTINF")).length, 2);
  }
});

test("segments that lack the sound are gaps of its playlist", () => {
  const frames = steadyFrames({ seconds: 12 }).filter(
    (one) => one.kind === "video" || Math.abs(one.pts - 540_000) > 270_000,
  );
  const { indexes } = recorded({ formats: [pictureFormat, soundFormat], frames }, [0]);
  const { segmentBytes, segmentTicks, durationTicks } = indexes.audio;
  assert.deepEqual(
    segmentBytes.map((size) => size === 0),
    [false, false, true, true, false, false],
  );
  assert.equal(segmentTicks[2], 96_000);
  assert.ok(Math.abs(durationTicks / 48_000 - 12) < 0.05);
  const lines = mediaPlaylist({ track: "audio", index: indexes.audio }, () => "file").split("\n");
  assert.equal(lines.filter((line) => line === "#EXT-X-GAP").length, 2);
  const manifest = dashManifest([], [{ track: "audio", index: indexes.audio }], [], () => "file");
  assert.equal(manifest?.match(/<SegmentURL/g)?.length, 4);
  assert.match(manifest ?? "", /<S t="432128"/);
});

test("a layout that goes on after a crash writes what it would have written", () => {
  const { events, init } = eventsOf(
    { formats: [pictureFormat, soundFormat], frames: steadyFrames({ seconds: 9 }) },
    [0],
  );
  const whole = new RecordingLayout(init);
  const written = events.flatMap((event) => whole.append(event) ?? []);
  const before = written.slice(0, 2);
  const sizeBytes = before.reduce((sum, { bytes }) => sum + Buffer.concat(bytes).length, whole.header.length);
  const resumed = new RecordingLayout(init, { sizeBytes });
  const after = events
    .filter((event) => "msn" in event && event.msn >= 2)
    .flatMap((event) => resumed.append(event) ?? []);
  assert.deepEqual(after, written.slice(2));
});

const run = promisify(execFile);
/** A server of byte ranges. */
async function served(t: TestContext, files: Readonly<Record<string, Buffer>>): Promise<string> {
  const server = createServer((request, response) => {
    const bytes = files[request.url?.slice(1) ?? ""] ?? Buffer.alloc(0);
    const [, from = "0", to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
    const end = Math.min(bytes.length, to ? Number(to) + 1 : bytes.length);
    const range = `bytes ${from}-${end - 1}/${bytes.length}`;
    response.writeHead(206, { "content-range": range, "accept-ranges": "bytes", "content-length": end - Number(from) });
    response.end(bytes.subarray(Number(from), end));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return `http://127.0.0.1:${address.port}`;
}
const countFrames = ["-v", "warning", "-count_frames", "-of", "csv=p=0"];

function eventsOf({ formats, frames }: EncodedStream, startsMs: readonly number[]) {
  const events: Parameters<RecordingLayout["append"]>[0][] = [];
  const packager = new Packager({ originMs: 0, emit: (event) => events.push(event) });
  for (const [n, fromMs] of startsMs.entries()) {
    if (n > 0) packager.restart();
    for (const format of formats) packager.format(format);
    for (const frame of frames) packager.frame(frame, fromMs + (frame.kind === "video" ? frame.dts : frame.pts) / 90);
  }
  packager.end();
  const init = events.find((event): event is InitEvent => event.kind === "init");
  assert.ok(init);
  return { events, init };
}

interface Recorded {
  readonly file: Buffer;
  readonly trailer: Buffer;
  readonly indexes: Readonly<Record<"video" | "audio", TrackIndex>>;
  readonly parts: readonly PartEvent[];
}

function recorded(stream: EncodedStream, startsMs: readonly number[]): Recorded {
  const { events, init } = eventsOf(stream, startsMs);
  const layout = new RecordingLayout(init);
  const pieces = [layout.header];
  const segments: RecordedSegment[] = [];
  for (const event of events) {
    const next = layout.append(event);
    if (next === undefined) continue;
    pieces.push(...next.bytes);
    segments.push(next.segment);
  }
  const file = Buffer.concat(pieces);
  assert.equal(file.length, layout.sizeBytes);
  const indexOf = (track: string): TrackIndex => {
    const index = recordedIndex(init, track, segments, file.length);
    assert.ok(index);
    return index;
  };
  const parts = events.filter((event): event is PartEvent => event.kind === "part");
  return {
    file,
    trailer: recordingTrailer(init, segments),
    indexes: { video: indexOf("video"), audio: indexOf("audio") },
    parts,
  };
}
