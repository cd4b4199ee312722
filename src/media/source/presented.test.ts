import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { inTurn } from "#test/depth";
import { compatibility } from "../renditions/compatible.ts";
import { flags } from "../flags.ts";
import { isPutTogether } from "../mp4/edits.ts";
import { withEdits } from "../mp4/testing.ts";
import type { Probe } from "./probe.ts";
import { folder, probeFile, testTools, without } from "../testing.ts";

const tools = await testTools();
const execute = promisify(execFile);

describe("the length of what is shown", { skip: without(tools, "FFmpeg") }, () => {
  before(async () => {
    // Six seconds with a key frame each, and pictures that are decoded before they are shown.
    const sources = "-f lavfi -i testsrc2=s=160x90:r=25:d=6 -f lavfi -i sine=d=6:r=48000";
    const codecs = "-c:v libx264 -preset veryfast -g 25 -bf 2 -pix_fmt yuv420p -c:a aac -f mp4";
    film = await made(`${sources} ${codecs}`);
  });

  for (const [name, stretches, seconds] of [
    [
      "in the middle",
      [
        { from: 0, seconds: 2 },
        { from: 4, seconds: 2 },
      ],
      4,
    ],
    [
      "in the middle, at key frames",
      [
        { from: 0, seconds: 1 },
        { from: 3, seconds: 3 },
      ],
      4,
    ],
    ["at the end", [{ from: 0, seconds: 3.5 }], 3.5],
    ["at the beginning", [{ from: 1.5, seconds: 4.5 }], 4.5],
    ["at both ends", [{ from: 1.5, seconds: 3 }], 3],
    [
      "between two parts in another order",
      [
        { from: 3, seconds: 2 },
        { from: 1, seconds: 1 },
      ],
      3,
    ],
  ] as const)
    it(`does not count what was cut out ${name}, and such a film is encoded`, async (t) => {
      for (const facts of await probed(t, withEdits(film, stretches))) {
        assert.ok(Math.abs(facts.durationMs - seconds * 1_000) <= 60, `${facts.durationMs} ms`);
        assert.ok(Math.abs((facts.video?.endMs ?? 0) - seconds * 1_000) <= 60, `${facts.video?.endMs} ms`);
        const { frames = 0 } = facts.video ?? {};
        assert.ok(Math.abs(frames - seconds * 25) <= 1, `${frames} pictures`);
        assert.equal(compatibility(facts).video, "encode");
      }
    });

  it("is that of the whole film where an edit list has one stretch, and such a film is repackaged", async (t) => {
    for (const facts of await probed(t, withEdits(film, [{ from: 0, seconds: 6 }]))) {
      assert.deepEqual(compatibility(facts), { video: "copy", audio: "copy" });
      assert.ok(Math.abs(facts.durationMs - 6_000) <= 30, `${facts.durationMs} ms`);
    }
  });

  it("is that of all pictures where the clock of a transport stream passes 33 bits", async (t) => {
    // 2^33 ticks of 90 kHz are 95,443.7 s.
    const sources = "-f lavfi -i testsrc2=s=160x90:r=25:d=6 -f lavfi -i sine=d=6";
    const wrapped = await made(
      `${sources} -c:v libx264 -preset veryfast -pix_fmt yuv420p -c:a aac -output_ts_offset 95440.7 -f mpegts`,
    );
    for (const { durationMs, video } of await probed(t, wrapped)) {
      assert.ok(Math.abs(durationMs - 6_000) <= 100, `${durationMs} ms`);
      assert.equal(video?.frames, 150);
    }
  });

  it("is that of both parts where the clock of a transport or program stream starts again", async (t) => {
    for (const [format, codecs] of [
      ["mpegts", "-c:v libx264 -preset veryfast -pix_fmt yuv420p -c:a aac"],
      ["mpeg", "-c:v mpeg2video -c:a mp2"],
    ]) {
      const part = await made(`-f lavfi -i testsrc2=s=160x90:r=25:d=3 -f lavfi -i sine=d=3 ${codecs} -f ${format}`);
      for (const { durationMs, video } of await probed(t, Buffer.concat([part, part]))) {
        assert.ok(Math.abs(durationMs - 6_000) <= 200, `${format}: ${durationMs} ms`);
        assert.equal(video?.frames, 150, format);
      }
    }
  });

  it("is that of each stream in a recording that ends in the middle, and its missing end is reported", async (t) => {
    const sources = "-f lavfi -i testsrc2=s=160x90:r=25:d=8 -f lavfi -i sine=d=8";
    const recording = await made(
      `${sources} -c:v libx264 -preset veryfast -g 50 -pix_fmt yuv420p -c:a aac -movflags +frag_keyframe+empty_moov -f mp4`,
    );
    for (const facts of await probed(t, recording.subarray(0, Math.floor(recording.length * 0.8)))) {
      assert.deepEqual(facts.notices, ["media.end_missing"]);
      // A fragment holds the pictures of two seconds, and behind them their sound.
      assert.ok((facts.video?.endMs ?? 0) > (facts.audio?.endMs ?? 0), JSON.stringify(facts));
      assert.equal(facts.durationMs, facts.video?.endMs);
    }
    for (const facts of await probed(t, recording)) assert.equal(facts.notices, undefined);
  });
});

describe("an edit list", () => {
  const edit = (mediaTime: number, durationTicks: number) => ({ mediaTime, durationTicks });

  it("puts a film together where it leaves out, repeats or reorders stretches, or pauses", () => {
    for (const [name, edits, expected] of [
      ["none", [], false],
      ["one stretch", [edit(1_024, 96_000)], false],
      ["a later start", [edit(-1, 500), edit(0, 96_000)], false],
      ["stretches without a gap, rounded", [edit(0, 48_010), edit(48_000, 48_000)], false],
      ["a gap", [edit(0, 48_000), edit(96_000, 48_000)], true],
      ["a repetition", [edit(0, 48_000), edit(0, 48_000)], true],
      ["another order", [edit(48_000, 48_000), edit(0, 48_000)], true],
      ["a pause in the middle", [edit(0, 48_000), edit(-1, 500), edit(48_000, 48_000)], true],
    ] as const)
      assert.equal(isPutTogether(edits, 48_000), expected, name);
  });
});

let film: Buffer;
let turn = 0;

/** The output of FFmpeg for these arguments. */
async function made(line: string): Promise<Buffer> {
  assert.ok(tools);
  const { stdout } = await execute("mktemp", ["-d"]);
  const path = join(stdout.trim(), "film");
  await execute(tools.ffmpeg.path, ["-v", "error", "-y", ...flags(line), path]);
  const bytes = await readFile(path);
  await execute("rm", ["-r", stdout.trim()]);
  return bytes;
}

/** The facts with ffprobe and without; outside of the nightly run, the two take turns. */
async function probed(t: TestContext, bytes: Buffer): Promise<Probe[]> {
  assert.ok(tools);
  const path = join(await folder(t), "film");
  await writeFile(path, bytes);
  const alone = { ...tools, ffmpeg: { ...tools.ffmpeg, ffprobe: undefined } };
  turn += 1;
  return Promise.all(inTurn([tools, alone], turn % 2).map((used) => probeFile(used, path)));
}
