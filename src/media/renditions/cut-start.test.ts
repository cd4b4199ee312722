import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { compatibility } from "./compatible.ts";
import { encodeArguments } from "./encode.ts";
import { quickRung } from "./rung.ts";
import { scalerOf } from "./scaler.ts";
import { folder, indexFile, probeFile, testTools, without } from "../testing.ts";

const tools = await testTools();
const execute = promisify(execFile);

test("a film whose start was cut off by an edit list is encoded, and plays as long as it says", {
  skip: without(tools, "FFmpeg"),
}, async (t) => {
  assert.ok(tools);
  const at = await folder(t);
  const [whole, cut] = [join(at, "whole.mp4"), join(at, "cut.mp4")];
  const ffmpeg = (...args: readonly string[]) => execute(tools.ffmpeg.path, ["-v", "error", "-y", ...args]);
  const sources = "-f lavfi -i testsrc2=s=320x180:r=25:d=6 -f lavfi -i sine=d=6".split(" ");
  await ffmpeg(...sources, ..."-c:v libx264 -preset veryfast -g 50 -pix_fmt yuv420p -c:a aac".split(" "), whole);
  // The key frame before it stays in the file, and the sound from there on, which was copied with all of that.
  await ffmpeg("-ss", "1", "-i", whole, "-c", "copy", cut);
  assert.deepEqual(compatibility(await probeFile(tools, whole)), { video: "copy", audio: "copy" });
  for (const used of [tools, { ...tools, ffmpeg: { ...tools.ffmpeg, ffprobe: undefined } }])
    assert.deepEqual(compatibility(await probeFile(used, cut)), {
      video: "encode",
      audio: "encode",
      obstacle: "no_first_keyframe",
    });

  const facts = await probeFile(tools, cut);
  assert.ok(facts.video);
  assert.equal(facts.durationMs, 5_000);
  const [video, audio] = [join(at, "video.mp4"), join(at, "audio.mp4")];
  const rungs = [{ rung: quickRung({ ...facts, video: facts.video }), path: video }];
  await execute(tools.ffmpeg.path, encodeArguments(cut, facts, { rungs, audio, scaler: scalerOf(tools.ffmpeg) }));
  for (const path of [video, audio]) {
    const { durationTicks, timescale } = await indexFile(path);
    assert.ok(Math.abs(durationTicks / timescale - 5) < 0.1, `${path}: ${durationTicks / timescale} s`);
  }
});
