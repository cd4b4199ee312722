import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import sharp from "sharp";
import { pictureExtras, soundExtras } from "./extras.ts";
import { gainOf, loudnessIn } from "./loudness.ts";
import { isPreviewed } from "./preview.ts";
import { sheetsOf, storyboardOf } from "./storyboard.ts";
import { clip, folder, testTools, without } from "../testing.ts";
import { peaksIn } from "./waveform.ts";
import { work } from "../process/work.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");
const skipProbe = without(tools?.ffmpeg.ffprobe, "ffprobe");

test("a film gets storyboard sheets and an animated preview, in its shape and within its length", {
  skip,
}, async (t) => {
  for (const [name, durationMs, width, height, tiles] of [
    ["basic-720p.mp4", 6_000, 1280, 720, [160, 90]],
    ["fragmented.mp4", 6_000, 640, 360, [160, 90]],
    ["one-frame.mp4", 33, 320, 180, [160, 90]],
  ] as const) {
    const at = await folder(t);
    const preview = isPreviewed(durationMs) ? join(at, "p.avif") : undefined;
    const outputs = { sheets: join(at, "s-%d.jpg"), preview };
    await made(pictureExtras({ path: clip(name), width, height, durationMs }, outputs), name, durationMs, at);
    const board = storyboardOf(durationMs, { width, height });
    assert.deepEqual([board.tileWidth, board.tileHeight, board.count], [...tiles, Math.ceil(durationMs / 1_000)]);
    const sheets = (await readdir(at)).filter((file) => file.startsWith("s-"));
    assert.equal(sheets.length, sheetsOf(board), name);
    const sheet = await sharp(join(at, "s-1.jpg")).metadata();
    assert.deepEqual([sheet.width, sheet.height], [5 * board.tileWidth, 5 * board.tileHeight]);
    assert.equal(preview === undefined, name === "one-frame.mp4");
    if (preview === undefined || skipProbe !== false) continue;
    // ISO/IEC 23000-22: the brand of picture sequences.
    assert.equal((await readFile(preview)).subarray(4, 12).toString("latin1"), "ftypavis", name);
    const show = ["-v", "error", "-show_entries", "stream=width,height,nb_frames", "-of", "csv=p=0"];
    const { stdout } = await promisify(execFile)("ffprobe", [...show, preview]);
    assert.match(stdout.trim(), /^320,180,(?:29|30|31)$/, name);
  }
});

test("loudness and waveform peaks are measured from the audio", { skip }, async (t) => {
  const at = await folder(t);
  for (const [name, lufs, peak, loudest] of [
    ["quiet-audio.mp4", [-55, -51], [-54, -48], [0, 2]],
    ["basic-720p.mp4", [-24, -19], [-22, -18], [15, 35]],
    ["silent-audio.mp4", null, null, [0, 0]],
    ["surround-51.mp4", [-40, 0], [-40, 1], [1, 255]],
  ] as const) {
    const sound = join(at, `${name}.m4a`);
    await promisify(execFile)("ffmpeg", ["-v", "error", "-i", clip(name), "-map", "0:a:0", "-c", "copy", sound]);
    // A folder may have any name.
    const peaks = join(at, `it's [${name}]: a, b; c\\d.txt`);
    const said = await made(soundExtras(sound, 4_000, peaks), name, 4_000, at);
    const loudness = loudnessIn(said);
    assert.ok(loudness, name);
    between(loudness.integratedLufs, lufs, name);
    if (peak) between(loudness.truePeakDbtp, peak, name);
    const drawn = peaksIn(await readFile(peaks, "utf8"));
    assert.ok(drawn.length >= 150 && drawn.length <= 400, `${name}: ${drawn.length} peaks`);
    between(Math.max(...drawn), loudest, name);
  }
});

test("the gain brings audio to a common loudness without clipping", () => {
  const gain = (integratedLufs: number | null, truePeakDbtp: number | null) =>
    gainOf({ integratedLufs, truePeakDbtp, rangeLu: 1 });
  assert.deepEqual(
    [gain(-14, -3), gain(-20, -10), gain(-20, -3), gain(-53, -48), gain(-4, 5.5), gain(null, null), gain(-30, -0.5)],
    [0, 6, 2, 12, -10, 0, 0],
  );
});

test("output without measurements yields no loudness, and silence yields zero peaks", () => {
  assert.equal(loudnessIn(""), undefined);
  assert.equal(loudnessIn("Conversion failed!"), undefined);
  assert.deepEqual(
    loudnessIn("Integrated loudness:\n    I:         -70.0 LUFS\n  True peak:\n    Peak:       -inf dBFS"),
    {
      integratedLufs: null,
      rangeLu: null,
      truePeakDbtp: null,
    },
  );
  assert.deepEqual(
    peaksIn("frame:0\nlavfi.astats.Overall.Peak_level=-inf\nlavfi.astats.Overall.Peak_level=0.0\nx"),
    [0, 255],
  );
});

async function made(args: string[], name: string, durationMs: number, outputFolder: string): Promise<string> {
  assert.ok(tools);
  const inputs = args.filter((_, n) => args[n - 1] === "-i").map((arg) => arg.slice("file:".length));
  const { messages } = await work(tools, {
    arguments: args,
    reach: { inputs, outputFolder },
    durationMs,
    fileBytesMax: 2 ** 24,
    stallMs: 60_000,
  });
  assert.ok((await stat(outputFolder)).isDirectory(), name);
  return messages;
}

function between(value: number | null, range: readonly [number, number] | null, name: string): void {
  if (range === null) assert.equal(value, null, name);
  else assert.ok(value !== null && value >= range[0] && value <= range[1], `${name}: ${value}`);
}
