import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { clip, folder, indexFile, testTools, without } from "../testing.ts";
import { fragmentedOutput } from "../renditions/output.ts";
import { Mp4Malformed } from "./box.ts";
import { indexTrack, segmentsOf } from "./indexer.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");

test("the ranges of header, index and segments cover the file up to FFmpeg's trailer", { skip }, async (t) => {
  const path = await madeVideo(await folder(t));
  const index = await indexFile(path);
  let at = index.init.size;
  assert.deepEqual(index.sidx, { offset: at, size: index.sidx?.size });
  at += index.sidx?.size ?? 0;
  for (const { offset, size } of segmentsOf(index)) {
    assert.equal(offset, at);
    at += size;
  }
  const file = await readFile(path);
  assert.equal(file.subarray(at + 4, at + 8).toString("latin1"), "mfra");
  assert.equal(at + file.readUInt32BE(at), index.sizeBytes);
});

test("the index agrees with the one FFmpeg wrote into the file", { skip }, async (t) => {
  const path = await madeVideo(await folder(t));
  const index = await indexFile(path);
  const file = await readFile(path);
  // ISO/IEC 14496-12:2022 §8.16.3: version, flags, id, timescale, then 64-bit times and the references.
  const sidx = (index.sidx?.offset ?? 0) + 8;
  const references = sidx + (file.readUInt8(sidx) === 1 ? 28 : 20);
  assert.equal(index.timescale, file.readUInt32BE(sidx + 8));
  assert.equal(index.segmentBytes.length, file.readUInt16BE(references + 2));
  for (const [n, size] of index.segmentBytes.entries()) {
    assert.equal(size, file.readUInt32BE(references + 4 + n * 12));
    assert.equal(index.segmentTicks[n], file.readUInt32BE(references + 8 + n * 12));
  }
});

test("a key frame's range ends with the first picture of its segment", { skip }, async (t) => {
  const path = await madeVideo(await folder(t));
  const { stdout } = await run("ffprobe", [
    "-v",
    "error",
    "-show_entries",
    "packet=size,flags",
    "-of",
    "csv=p=0",
    path,
  ]);
  const keys = stdout.split("\n").filter((line) => line.includes(",K"));
  const index = await indexFile(path);
  const file = await readFile(path);
  const pictures = [...segmentsOf(index)].map(({ offset, keyframe }) => {
    const moof = file.readUInt32BE(offset);
    return (keyframe?.size ?? 0) - moof - 8;
  });
  assert.deepEqual(
    pictures,
    keys.map((line) => Number.parseInt(line, 10)),
  );
});

test("codec names, sizes and durations are those of the streams", { skip }, async (t) => {
  const at = await folder(t);
  const video = await indexFile(await madeVideo(at));
  assert.deepEqual([video.kind, video.codec, video.width, video.height], ["video", "avc1.64001f", 1280, 720]);
  assert.equal(video.durationTicks / video.timescale, 6);
  assert.equal(video.samples, 180);
  const audio = await indexFile(
    await made(at, "a.mp4", ["-map", "0:a", "-c", "copy", ...fragmentedOutput("audio", join(at, "a.mp4"))]),
  );
  assert.deepEqual([audio.kind, audio.codec, audio.width], ["audio", "mp4a.40.2", 0]);
  assert.ok(Math.abs(audio.durationTicks / audio.timescale - 6) < 0.05);
});

test("the peak rate bounds every segment, and the average rate is that of all segments", { skip }, async (t) => {
  const index = await indexFile(await madeVideo(await folder(t)));
  const bits = index.segmentBytes.reduce((sum, size) => sum + size, 0) * 8;
  assert.equal(index.averageBps, Math.ceil((bits * index.timescale) / index.durationTicks));
  for (const { size, durationTicks } of segmentsOf(index))
    assert.ok((size * 8 * index.timescale) / durationTicks <= index.peakBps);
});

test("the indexer reads boxes only, and no samples", { skip }, async (t) => {
  const path = await madeVideo(await folder(t));
  const file = await readFile(path);
  let readBytes = 0;
  await indexTrack((offset, length) => {
    readBytes += length;
    return Promise.resolve(file.subarray(offset, offset + length));
  }, file.length);
  assert.ok(readBytes < 100_000, `${readBytes} bytes of ${file.length} were read`);
});

test("a file that is not fragmented is refused", async () => {
  await assert.rejects(indexFile(clip("basic-720p.mp4")), Mp4Malformed);
});

test("damaged bytes are indexed or refused as malformed, without any other error", { skip }, async (t) => {
  const file = await readFile(await madeVideo(await folder(t)));
  const header = file.subarray(0, 4096);
  const damage = fc.array(fc.tuple(fc.nat({ max: header.length - 1 }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(damage, async (places) => {
      const bytes = Buffer.from(file);
      for (const [at, value] of places) bytes[at] = value;
      await indexTrack(
        (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
        bytes.length,
      ).catch((error: unknown) => assert.ok(error instanceof Mp4Malformed, String(error)));
    }),
    { numRuns: 300 },
  );
});

test("boxes nested thousands deep are refused as malformed", async () => {
  const depth = 4000;
  const bytes = Buffer.alloc(depth * 8 + 8);
  for (let n = 0; n <= depth; n++) {
    bytes.writeUInt32BE(bytes.length - n * 8, n * 8);
    bytes.write("moov", n * 8 + 4, "latin1");
  }
  await assert.rejects(
    indexTrack((offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)), bytes.length),
    Mp4Malformed,
  );
});

const run = promisify(execFile);

async function made(at: string, name: string, output: readonly string[]): Promise<string> {
  await run("ffmpeg", ["-v", "error", "-y", "-i", clip("basic-720p.mp4"), ...output]);
  return join(at, name);
}

const madeVideo = (at: string): Promise<string> =>
  made(at, "v.mp4", ["-map", "0:v", "-c", "copy", ...fragmentedOutput("video", join(at, "v.mp4"))]);
