import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BlobStore } from "#kernel";
import type { TrackIndex } from "#media/mp4/indexer";
import type { Probe } from "#media/source/probe";
import { indexFile, probeFile, testTools } from "#media/testing";

const execute = promisify(execFile);
const installed = await testTools();
assert.ok(installed, "these tests need FFmpeg");
export const tools = installed;

/** FFmpeg, which must have nothing to complain of. */
export async function ffmpeg(...args: readonly string[]): Promise<Buffer> {
  const all = ["-v", "error", "-nostdin", "-y", ...args];
  const { stdout, stderr } = await execute(tools.ffmpeg.path, all, { encoding: "buffer", maxBuffer: 256 * 2 ** 20 });
  assert.equal(String(stderr), "");
  return stdout;
}

/** The content of a stored track, by our index and by the probe. */
export async function trackFacts(
  blob: BlobStore,
  track: { readonly key: string } | null,
): Promise<{ readonly path: string; readonly index: TrackIndex; readonly facts: Probe }> {
  assert.ok(track);
  const file = await blob.local(track.key);
  assert.ok(file);
  return { path: file.path, index: await indexFile(file.path), facts: await probeFile(tools, file.path) };
}

/** Decodes all of a file, which must be whole; yields how many pictures or pieces of sound came. */
export const decoded = async (path: string): Promise<number> => (await lines("-xerror", "-i", path)).length;

/**
 * Behind its last segment a file has the box of FFmpeg's own index, or nothing: bytes behind its source are removed.
 */
export async function endsWhole(path: string, { segmentsOffset, segmentBytes }: TrackIndex): Promise<void> {
  const bytes = await readFile(path);
  const rest = bytes.subarray(segmentBytes.reduce((sum, one) => sum + one, segmentsOffset));
  // ISO/IEC 14496-12 §8.8.9.
  if (rest.byteLength > 0)
    assert.deepEqual([rest.readUInt32BE(0), String(rest.subarray(4, 8))], [rest.byteLength, "mfra"]);
}

/** When each picture of a file is shown, in milliseconds from the first. */
export async function timesOf(path: string): Promise<number[]> {
  const times = await lines("-i", path, "-map", "0:v");
  return times.map((time) => time - (times[0] ?? 0));
}

/** The times of what was decoded, in milliseconds. */
const lines = async (...args: readonly string[]): Promise<number[]> => (await lineFacts(...args)).map(({ ms }) => ms);

/** Times of what was decoded, in milliseconds, and the Adler-32 of each, which begins at 0 with FFmpeg. */
async function lineFacts(...args: readonly string[]): Promise<{ readonly ms: number; readonly sum: number }[]> {
  const text = String(await ffmpeg(...args, "-fps_mode", "passthrough", "-f", "framecrc", "-"));
  const [, above, below] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? [];
  return [...text.matchAll(/^0, *-?\d+, *(-?\d+), *\d+, *\d+, *(0x[0-9a-f]+)/gm)].map(([, pts, sum]) => ({
    ms: (Number(pts) * 1_000 * Number(above)) / Number(below),
    sum: Number(sum),
  }));
}

/**
 * Decodes all of a film of black pictures, which must be whole; yields how many pictures came, and when they turn white,
 * in milliseconds.
 */
export async function flashesOf(path: string): Promise<{ readonly pictures: number; readonly flashes: number[] }> {
  const gray = "scale=1:1:flags=area,format=gray";
  const pictures = await lineFacts("-xerror", "-i", path, "-map", "0:v", "-vf", gray);
  const light = pictures.map(({ sum }) => sum & 0xff);
  // The sum of a single byte holds it twice.
  for (const [n, { sum }] of pictures.entries()) assert.equal(sum, (light[n] ?? 0) * 0x1_0001);
  const isFlash = (n: number) => (light[n] ?? 0) > 128 && (light[n - 1] ?? 0) <= 128;
  return { pictures: pictures.length, flashes: pictures.flatMap(({ ms }, n) => (isFlash(n) ? [ms] : [])) };
}

/** When a sound begins after silence, in milliseconds; gaps between its pieces are silence, as a player has them. */
export async function beepsOf(path: string): Promise<number[]> {
  const rate = 8_000;
  const steady = `aresample=${rate}:async=1:first_pts=0`;
  const raw = await ffmpeg("-i", path, "-af", steady, "-ac", "1", "-f", "s16le", "-");
  const starts: number[] = [];
  let soundAt = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < raw.byteLength / 2; n++) {
    if (Math.abs(raw.readInt16LE(2 * n)) < 1_500) continue;
    if (n - soundAt > rate * 0.3) starts.push((n * 1_000) / rate);
    soundAt = n;
  }
  return starts;
}

/** The pictures of a film at a steady rate, RGB. */
export async function framesOf(
  path: string,
  { fps, width, height }: { readonly fps: number; readonly width: number; readonly height: number },
): Promise<Buffer[]> {
  const raw = await ffmpeg(
    "-i",
    path,
    "-vf",
    `fps=${fps},scale=${width}:${height}`,
    "-f",
    "rawvideo",
    "-pix_fmt",
    "rgb24",
    "-",
  );
  const bytes = width * height * 3;
  return Array.from({ length: raw.byteLength / bytes }, (_, n) => raw.subarray(n * bytes, (n + 1) * bytes));
}

/** So many seconds at one picture a second with sound. */
export async function longFilm(seconds: number): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-long-"));
  try {
    const path = join(folder, "long.mkv");
    const picture = ["-f", "lavfi", "-i", `testsrc2=s=160x90:r=1:d=${seconds}`];
    const sound = ["-f", "lavfi", "-i", `sine=d=${seconds}:r=8000`];
    await ffmpeg(...picture, ...sound, ..."-c:v libx264 -preset ultrafast -g 60 -c:a libopus -b:a 8k".split(" "), path);
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}
