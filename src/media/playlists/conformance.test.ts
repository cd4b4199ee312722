import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { dashManifest } from "./dash.ts";
import { keyframePlaylist, masterPlaylist, mediaPlaylist } from "./hls.ts";
import { segmentsOf, type TrackIndex } from "../mp4/indexer.ts";
import { fragmentedOutput } from "../renditions/output.ts";
import { clip, folder, indexFile, testTools, without } from "../testing.ts";

/*
 * Shaka Packager writes its files and its manifests by its own reading of the standards. Our index of its files must give
 * its manifests, and our files of the same source must have its codecs, rates and cuts.
 */
const skip = without(await testTools(), "FFmpeg");

test("the index of Shaka Packager's files yields Shaka Packager's manifests", { skip }, async (t) => {
  const at = await folder(t);
  await packaged(at);
  const theirs = (name: string) => readFile(join(at, name), "utf8");
  const [video, audio] = [await indexFile(join(at, "sv.mp4")), await indexFile(join(at, "sa.mp4"))];
  const own = {
    "v.m3u8": mediaPlaylist({ track: "v", index: video }, uriOf),
    "a.m3u8": mediaPlaylist({ track: "a", index: audio }, uriOf),
    "i.m3u8": keyframePlaylist({ track: "v", index: video }, uriOf),
  };
  for (const [name, text] of Object.entries(own)) {
    const ranges = rangesIn(text);
    assert.ok(ranges.length > 2, name);
    assert.deepEqual(ranges, rangesIn(await theirs(name)), name);
  }

  const master = await theirs("m.m3u8");
  const ownMaster = masterPlaylist(
    [{ track: "v", index: video }],
    [{ track: "a", name: "Audio", index: audio }],
    [],
    uriOf,
  );
  for (const fact of [/CODECS="([^"]+)"/, /RESOLUTION=(\w+)/, /FRAME-RATE=([\d.]+)/])
    assert.equal(fact.exec(ownMaster)?.[1], fact.exec(master)?.[1] ?? "none");
  for (const rate of [/:BANDWIDTH=(\d+)/, /AVERAGE-BANDWIDTH=(\d+)/]) assertNear(rate, ownMaster, master);

  const manifest = await theirs("m.mpd");
  const ownManifest = dashManifest(
    [{ track: "v", index: video }],
    [{ track: "a", index: audio }],
    [],
    (track) => track,
  );
  for (const name of ["codecs", "indexRange", "range", "width", "height", "timescale", "audioSamplingRate"])
    assert.deepEqual(valuesOf(name, ownManifest ?? ""), valuesOf(name, manifest), name);
  for (const codec of ["avc1", "mp4a"]) {
    const rate = new RegExp(`<Representation (?=[^>]*codecs="${codec})[^>]*bandwidth="(\\d+)"`);
    assertNear(rate, ownManifest ?? "", manifest);
  }
});

test("our files have the codec, rates, cuts and samples of Shaka Packager's files of the same source", {
  skip,
}, async (t) => {
  const at = await folder(t);
  await packaged(at);
  const [own, theirs] = [await indexFile(join(at, "v.mp4")), await indexFile(join(at, "sv.mp4"))];
  const cuts = ({ codec, timescale, samples, segmentTicks }: TrackIndex) => [codec, timescale, samples, segmentTicks];
  assert.deepEqual(cuts(own), cuts(theirs));
  assert.ok(Math.abs(own.peakBps / theirs.peakBps - 1) <= rateShareMax, `${own.peakBps} and ${theirs.peakBps}`);
  assert.deepEqual(await samplesIn(join(at, "v.mp4"), own), await samplesIn(join(at, "sv.mp4"), theirs));
});

const rateShareMax = 0.003;
const run = promisify(execFile);
const uriOf = ({ track }: { readonly track: string }): string => track;

/** One source packaged by both: `v.mp4` and `a.mp4` are ours, what begins with `s` is theirs. */
async function packaged(at: string): Promise<void> {
  const input = ["-v", "error", "-y", "-i", clip("basic-720p.mp4")];
  const cut = "-preset ultrafast -force_key_frames expr:gte(t,n_forced*2) -sc_threshold 0".split(" ");
  const video = ["-map", "0:v", "-c:v", "libx264", ...cut, ...fragmentedOutput("video", join(at, "v.mp4"))];
  await run("ffmpeg", [
    ...input,
    ...video,
    "-map",
    "0:a",
    "-c",
    "copy",
    ...fragmentedOutput("audio", join(at, "a.mp4")),
  ]);
  const packager = createRequire(import.meta.url).resolve("shaka-packager/index.js");
  const streams = [
    "in=v.mp4,stream=video,output=sv.mp4,playlist_name=v.m3u8,iframe_playlist_name=i.m3u8",
    "in=a.mp4,stream=audio,output=sa.mp4,playlist_name=a.m3u8,hls_group_id=sound",
  ];
  const flags =
    "--segment_duration 2 --fragment_duration 2 --hls_master_playlist_output m.m3u8 --mpd_output m.mpd --quiet";
  await run(process.execPath, [packager, ...streams, ...flags.split(" ")], { cwd: at });
}

/** Length and offset of the header and of each segment; a range without an offset follows the one before it. */
function rangesIn(playlist: string): number[][] {
  let end = 0;
  return [...playlist.matchAll(/BYTERANGE[:=]"?(\d+)(?:@(\d+))?/g)].map(([, size, offset]) => {
    const start = offset === undefined ? end : Number(offset);
    end = start + Number(size);
    return [Number(size), start];
  });
}

const valuesOf = (name: string, manifest: string): string[] =>
  [...manifest.matchAll(new RegExp(`\\s${name}="([^"]+)"`, "g"))].map(([, value]) => value ?? "").toSorted();

function assertNear(rate: RegExp, own: string, theirs: string): void {
  const [a, b] = [own, theirs].map((text) => Number(rate.exec(text)?.[1]));
  assert.ok(a !== undefined && b !== undefined && Math.abs(a / b - 1) <= rateShareMax, `${rate.source}: ${a} and ${b}`);
}

/** The bytes behind the headers of each segment. */
async function samplesIn(path: string, index: TrackIndex): Promise<string[]> {
  const file = await readFile(path);
  return [...segmentsOf(index)].map(({ offset }) => {
    const mdat = offset + file.readUInt32BE(offset);
    assert.equal(file.toString("latin1", mdat + 4, mdat + 8), "mdat");
    return file.subarray(mdat + 8, mdat + file.readUInt32BE(mdat)).toString("base64url");
  });
}
