import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { isNightly } from "#test/depth";
import { compatibility, type Obstacle } from "./renditions/compatible.ts";
import { coverArguments } from "./extras/cover.ts";
import { encodeArguments } from "./renditions/encode.ts";
import { masterPlaylist, mediaPlaylist, type UriOf } from "./playlists/hls.ts";
import type { TrackIndex } from "./mp4/indexer.ts";
import { redrawn } from "./pictures/picture.ts";
import type { Probe, VideoProbe } from "./source/probe.ts";
import type { Rejection } from "./rejection.ts";
import { remuxArguments } from "./renditions/remux.ts";
import { ladder, quickRung } from "./renditions/rung.ts";
import { scalerOf } from "./renditions/scaler.ts";
import { clip, folder, indexFile, probeFile, testTools, without } from "./testing.ts";
import type { Tools } from "./process/tools.ts";
import { work } from "./process/work.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");
const skipProbe = without(tools?.ffmpeg.ffprobe, "ffprobe");

test("every sample clip has an expected outcome in this file", async () => {
  const files = (await readdir(clip("."))).filter((name) => !["README.md", "facts.json"].includes(name));
  assert.deepEqual(files.toSorted(), [...Object.keys(rejected()), ...Object.keys(readyClips())].toSorted());
});

for (const [name, code] of Object.entries(rejected()))
  test(`${name} is rejected with ${code} (S4.4)`, { skip }, async () => {
    await assert.rejects(probeFile(given(tools), clip(name)), { name: "MediaRejected", code });
  });

for (const [name, expected] of Object.entries(readyClips()))
  test(`${name} is ready: ${expected.join(" ")}`, { skip }, async () => {
    const probe = await probeFile(given(tools), clip(name));
    assertFacts(probe, expected);
    assert.deepEqual(probe, await knownFacts(name));
  });

test("FFmpeg without ffprobe finds the same facts and faults", { skip }, async () => {
  const alone = withoutProbe(given(tools));
  for (const name of Object.keys(readyClips()).filter((_, n) => isNightly || n % 3 === 0))
    assert.deepEqual(await probeFile(alone, clip(name)), await knownFacts(name), name);
  for (const [name, code] of Object.entries(rejected()))
    await assert.rejects(probeFile(alone, clip(name)), { name: "MediaRejected", code });
});

test("stream descriptions in a file's metadata are ignored", { skip }, async (t) => {
  const path = join(await folder(t), "tagged.mkv");
  const lie =
    "x\n  Stream #0:0: Video: hevc (Main 10), yuv420p10le, 64x64, 1 fps\n  Stream #0:7: Audio: aac, 8 Hz, mono";
  const tags = ["-metadata", `title=${lie}`, "-metadata:s:v", `title=${lie}`, "-metadata:s:v", `comment=${lie}`];
  await ffmpeg("-i", clip("video-only.mp4"), "-c", "copy", ...tags, path);
  const { video, audio, streamCount } = await probeFile(withoutProbe(given(tools)), path);
  assert.deepEqual([video?.codec, video?.width, video?.fps, audio, streamCount], ["h264", 640, 24, undefined, 1]);
});

test("an hour at one frame a second is probed without reading all frames", { skip }, async (t) => {
  const path = join(await folder(t), "hour.mkv");
  await ffmpeg("-f", "lavfi", "-i", "color=s=160x90:r=1:d=3600", "-c:v", "libx264", "-preset", "ultrafast", path);
  const { durationMs, video } = await probeFile(given(tools), path);
  assert.ok(Math.abs(durationMs - 3_600_000) <= 200, `${durationMs}`);
  assert.ok(skipProbe !== false || (video?.frames ?? 0) < 500, `${video?.frames} frames were looked at`);
});

test("a file longer than twelve hours is refused as too long", { skip }, async (t) => {
  const path = join(await folder(t), "long.mkv");
  await ffmpeg("-f", "lavfi", "-i", "color=s=16x16:r=1/60:d=43400", "-c:v", "libx264", "-preset", "ultrafast", path);
  await assert.rejects(probeFile(given(tools), path), { code: "media.too_long" });
});

test("a compatible source is repackaged, indexed and plays from its playlist", {
  skip: skip || skipProbe,
}, async (t) => {
  for (const name of [
    "basic-720p.mp4",
    "video-only.mp4",
    "polyglot-mp4-zip.mp4",
    "ts-offset-7200s.ts",
    "multi-audio-subs.mkv",
  ]) {
    const at = await folder(t);
    const facts = await probeFile(given(tools), clip(name));
    const plan = compatibility(facts);
    assert.equal(plan.video, "copy", name);
    const files = { video: join(at, "video.mp4"), ...(facts.audio && { audio: join(at, "audio.mp4") }) };
    await make(remuxArguments(clip(name), facts, plan, files), name, facts, at);
    await assertPlays(at, facts, facts.video?.displayWidth ?? 0, facts.video?.displayHeight ?? 0);
  }
});

test("an incompatible source becomes upright, even-sized and 8-bit with square pixels, and plays", {
  skip: skip || skipProbe,
}, async (t) => {
  for (const [name, width, height] of [
    ["rotated-90.mp4", 360, 640],
    ["interlaced-pal.ts", 640, 480],
    ["hdr10-hevc.mp4", 640, 360],
    ["odd-size-427x241.webm", 426, 240],
    ["animated.gif", 240, 160],
    ["multi-audio-subs.mkv", 480, 270],
    ["one-frame.mp4", 320, 180],
    ["surround-51.mp4", 320, 180],
  ] as const) {
    const at = await folder(t);
    const facts = withPicture(await probeFile(given(tools), clip(name)));
    const rungs = [{ rung: quickRung(facts), path: join(at, "video.mp4") }];
    const audio = facts.audio && { audio: join(at, "audio.mp4") };
    await make(
      encodeArguments(clip(name), facts, { rungs, ...audio, scaler: scalerOf(given(tools).ffmpeg) }),
      name,
      facts,
      at,
    );
    await assertPlays(at, facts, width, height);
    const [stream] = await streamsOf(join(at, "video.mp4"));
    assert.equal(stream?.["pix_fmt"], "yuv420p", name);
    assert.equal(stream?.["field_order"], "progressive", name);
    assert.equal(stream?.["side_data_list"], undefined, name);
    assert.equal(stream?.["sample_aspect_ratio"], "1:1", name);
    if (name === "hdr10-hevc.mp4") assert.equal(stream?.["color_transfer"], "bt709");
  }
});

test("all renditions of one decode are cut at the same times", { skip: skip || skipProbe }, async (t) => {
  const at = await folder(t);
  // Few pictures: their times alone are looked at.
  const source = join(at, "source.mp4");
  const film = "-f lavfi -i testsrc2=s=1280x720:r=10:d=6 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
  await ffmpeg(...film.split(" "), source);
  const facts = withPicture(await probeFile(given(tools), source));
  const rungs = ladder(facts).map((rung) => ({ rung, path: join(at, `${rung.name}.mp4`) }));
  assert.deepEqual(
    rungs.map(({ rung }) => rung.name),
    ["720p", "480p", "240p"],
  );
  await make(encodeArguments(source, facts, { rungs, scaler: scalerOf(given(tools).ffmpeg) }), source, facts, at);
  const indexes: TrackIndex[] = [];
  for (const { rung, path } of rungs) {
    indexes.push(await indexFile(path));
    const [stream] = await streamsOf(path);
    const { width, height, sample_aspect_ratio } = stream ?? {};
    assert.deepEqual([width, height, sample_aspect_ratio], [rung.width, rung.height, "1:1"]);
  }
  for (const index of indexes) assert.deepEqual(seconds(index), [2, 2, 2]);
});

test("audio that starts late is padded to the length of the picture", { skip: skip || skipProbe }, async (t) => {
  const at = await folder(t);
  const late = join(at, "late.mp4");
  const source = clip("basic-720p.mp4");
  await ffmpeg("-i", source, "-itsoffset", "1.25", "-i", source, "-map", "0:v", "-map", "1:a", "-c", "copy", late);
  const facts = await probeFile(given(tools), late);
  const plan = compatibility(facts);
  assert.deepEqual([plan.video, plan.audio], ["copy", "encode"]);
  await make(remuxArguments(late, facts, plan, { audio: join(at, "audio.mp4") }), late, facts, at);
  const { durationTicks, timescale } = await indexFile(join(at, "audio.mp4"));
  assert.ok(Math.abs(durationTicks / timescale - 7.25) < 0.1);
});

test("published files contain none of the source's metadata", { skip: skip || skipProbe }, async (t) => {
  const at = await folder(t);
  const tagged = join(at, "tagged.mp4");
  const tags = ["-metadata", "location=+52.5-013.4/", "-metadata:s:v", "title=SECRET", "-metadata", "comment=SECRET"];
  await ffmpeg("-i", clip("video-only.mp4"), "-c", "copy", ...tags, tagged);
  const facts = await probeFile(given(tools), tagged);
  await make(remuxArguments(tagged, facts, compatibility(facts), { video: join(at, "video.mp4") }), tagged, facts, at);
  const published = (await readFile(join(at, "video.mp4"))).toString("latin1");
  assert.doesNotMatch(published, /SECRET|52\.5/);
});

test("the cover is taken from after a black beginning", { skip }, async (t) => {
  const bytes = await cover(await folder(t), "black-lead-in.mp4");
  const [drawn] = await redrawn(bytes, "cover", ["webp"]);
  assert.deepEqual([drawn?.width, drawn?.height], [640, 360]);
  const { default: sharp } = await import("sharp");
  const { channels } = await sharp(bytes).stats();
  assert.ok((channels[0]?.mean ?? 0) > 28);
});

test("the cover is upright, and a song's cover is its attached picture", { skip }, async (t) => {
  const [upright] = await redrawn(await cover(await folder(t), "rotated-90.mp4"), "cover", ["jpeg"]);
  assert.deepEqual([upright?.width, upright?.height], [360, 640]);
  const [attached] = await redrawn(await cover(await folder(t), "audio-only-cover.mp3"), "cover", ["webp"]);
  assert.deepEqual([attached?.width, attached?.height], [400, 400]);
});

test("a black video has a cover too", { skip }, async (t) => {
  const at = await folder(t);
  const black = join(at, "black.mp4");
  await ffmpeg("-f", "lavfi", "-i", "color=black:s=64x64:d=1", "-c:v", "libx264", black);
  assert.ok((await cover(at, black)).byteLength > 0);
});

function rejected(): Record<string, Rejection> {
  return {
    "bomb-8192x8192.mp4": "media.too_many_pixels",
    "captions-en.srt": "media.unsupported",
    "corrupt-stts.mp4": "media.unreadable",
    "empty.mp4": "media.empty",
    "hostile.vtt": "media.unsupported",
    "html-as-video.mp4": "media.unsupported",
    "localfile-concat.mp4": "media.unsupported",
    "localfile-hls.mov": "media.unsupported",
    "polyglot-gif-js.gif": "media.unsupported",
    "script.svg": "media.unsupported",
    "ssrf-hls.mp4": "media.unsupported",
    "truncated-no-moov.mp4": "media.unreadable",
  };
}

/** Seconds, display size, sound channels, and what keeps the picture from being published as it is. */
type Facts = readonly [number, string, number, Obstacle | "copy" | "none"];

function readyClips(): Record<string, Facts> {
  return {
    "alpha-vp8.webm": [2, "320x180", 0, "not_h264"],
    "anamorphic-sar.mp4": [3, "512x288", 0, "not_square"],
    "animated.gif": [3, "240x160", 0, "not_h264"],
    "audio-only-cover.mp3": [6, "none", 1, "none"],
    "basic-720p.mp4": [6, "1280x720", 2, "copy"],
    "black-lead-in.mp4": [6, "640x360", 0, "copy"],
    "fragmented.mp4": [6, "480x270", 2, "keyframes_too_far"],
    "hdr10-hevc.mp4": [3, "640x360", 1, "not_h264"],
    "interlaced-pal.ts": [4, "768x576", 1, "not_h264"],
    "letterboxed.mp4": [3, "640x480", 0, "copy"],
    "lying-duration.mp4": [6, "480x270", 2, "keyframes_too_far"],
    "moov-at-end.mp4": [6, "480x270", 2, "keyframes_too_far"],
    "multi-audio-subs.mkv": [5, "480x270", 1, "copy"],
    "odd-size-427x241.webm": [3, "427x241", 0, "not_h264"],
    "one-frame.mp4": [0.03, "320x180", 0, "copy"],
    "polyglot-mp4-zip.mp4": [6, "1280x720", 2, "copy"],
    "quiet-audio.mp4": [6, "320x180", 1, "keyframes_too_far"],
    "rotated-90.mp4": [4, "360x640", 1, "transformed"],
    "silent-audio.mp4": [4, "320x180", 2, "copy"],
    "surround-51.mp4": [4, "320x180", 6, "copy"],
    "ten-bit-h264.mp4": [3, "640x360", 0, "not_8_bit_420"],
    "ts-offset-7200s.ts": [4, "640x360", 1, "copy"],
    "vfr-60-15-30.mp4": [5, "480x270", 1, "copy"],
    "video-only.mp4": [4, "640x360", 0, "copy"],
  };
}

function assertFacts(facts: Probe, [lasts, size, channels, outcome]: Facts): void {
  assert.ok(Math.abs(facts.durationMs / 1000 - lasts) <= 0.2, `${facts.durationMs} ms`);
  assert.equal(facts.video ? `${facts.video.displayWidth}x${facts.video.displayHeight}` : "none", size);
  assert.equal(facts.audio?.channels ?? 0, channels);
  const plan = compatibility(facts);
  assert.equal(plan.obstacle ?? plan.video, outcome);
}

/** All that a probe finds in a clip, as it was found by every FFmpeg we name, with and without its ffprobe. */
async function knownFacts(name: string): Promise<unknown> {
  const all = JSON.parse(await readFile(clip("facts.json"), "utf8")) as Record<string, unknown>; // An object of facts.
  return given(all[name]);
}

const withoutProbe = (all: Tools): Tools => ({ ...all, ffmpeg: { ...all.ffmpeg, ffprobe: undefined } });

function given<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}

function withPicture(facts: Probe): Probe & { video: VideoProbe } {
  return { ...facts, video: given(facts.video) };
}

const execute = promisify(execFile);
const ffmpeg = (...args: string[]) => execute(given(tools).ffmpeg.path, ["-v", "error", "-nostdin", "-y", ...args]);

async function make(args: readonly string[], name: string, { durationMs }: Probe, at: string): Promise<void> {
  const path = name.startsWith("/") ? name : clip(name);
  const reach = { inputs: [path], outputFolder: at };
  await work(given(tools), { arguments: args, reach, durationMs, fileBytesMax: 100 * 1024 ** 2, stallMs: 60_000 });
}

async function cover(at: string, name: string): Promise<Uint8Array> {
  const path = name.startsWith("/") ? name : clip(name);
  const facts = await probeFile(given(tools), path);
  const output = join(at, "cover");
  for (const args of coverArguments(path, facts, output)) {
    await make(args, path, facts, at);
    const size = await stat(output).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0) return await readFile(output);
  }
  return assert.fail("no cover was made");
}

const seconds = ({ segmentTicks, timescale }: TrackIndex): number[] => segmentTicks.map((ticks) => ticks / timescale);

async function streamsOf(path: string, more = ["-count_frames"]): Promise<Record<string, unknown>[]> {
  const args = ["-v", "error", "-show_streams", ...more, "-of", "json", path];
  const { stdout } = await execute(given(tools?.ffmpeg.ffprobe), args);
  return (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams; // The shape of ffprobe's JSON.
}

/** Writes the playlists beside the files and lets FFmpeg's own HLS client play them to the end. */
async function assertPlays(at: string, facts: Probe, width: number, height: number): Promise<void> {
  const uriOf: UriOf = ({ kind, track }) => (kind === "media" ? `${track}.mp4` : `${track}.m3u8`);
  const tracks = facts.audio ? ["video", "audio"] : ["video"];
  for (const track of tracks) {
    const index = await indexFile(join(at, `${track}.mp4`));
    await writeFile(join(at, `${track}.m3u8`), mediaPlaylist({ track, index }, uriOf));
    const [played] = await streamsOf(join(at, `${track}.m3u8`));
    assert.equal(Number(played?.["nb_read_frames"]) > 0, true);
    if (track === "video") {
      assert.deepEqual([played?.["width"], played?.["height"]], [width, height]);
      assert.equal(Number(played?.["nb_read_frames"]), index.samples);
      const lasts = index.durationTicks / index.timescale;
      assert.ok(Math.abs(lasts - facts.durationMs / 1000) <= 0.2, `${lasts} s`);
    }
  }
  const video = [{ track: "video", index: await indexFile(join(at, "video.mp4")) }];
  const audio = facts.audio ? [{ track: "audio", name: "Audio", index: await indexFile(join(at, "audio.mp4")) }] : [];
  const master = masterPlaylist(video, audio, [], uriOf);
  assert.equal(/AUDIO=/.test(master), facts.audio !== undefined);
  await writeFile(join(at, "master.m3u8"), master);
  // All pictures of it were counted above.
  const played = await streamsOf(join(at, "master.m3u8"), []);
  const kinds = new Set(played.map((stream) => stream["codec_type"]));
  assert.deepEqual(kinds, new Set(tracks));
  const starts = played.map((stream) => Number(stream["start_time"]));
  // An encoder's run-up of sound may lie before zero.
  assert.ok(
    starts.every((start) => Math.abs(start) < 0.03),
    `starts are ${starts.join(" and ")}`,
  );
}
