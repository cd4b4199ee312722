import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { encodeArguments } from "./encode.ts";
import { flags } from "../flags.ts";
import { type Rung, rungOf } from "./rung.ts";
import { type Scaler, scaleFilters, scalerOf } from "./scaler.ts";
import { folder, probeFile, testTools, without } from "../testing.ts";
import { work } from "../process/work.ts";

const tools = await testTools();
const skip = without(tools?.ffmpeg.capabilities.includes("zscale") ? tools : undefined, "FFmpeg with zscale");

test("an FFmpeg without zscale uses its own scaler", () => {
  assert.equal(scalerOf({ capabilities: ["scale"] }), "scale");
  assert.equal(scalerOf({ capabilities: ["scale", "zscale"] }), "zscale");
});

test("a rendition of its source's size is not scaled", () => {
  const rung: Rung = { name: "720p", width: 1280, height: 720, preset: "veryfast", crf: 23, maxrateBps: 1 };
  assert.deepEqual(scaleFilters(rung, { width: 1280, height: 720 }, "zscale"), []);
  assert.equal(scaleFilters(rung, { width: 1280, height: 722 }, "zscale").length, 1);
});

for (const [name, encoded] of Object.entries(sources()))
  test(`both scalers make nearly the same picture of a source ${name}`, { skip }, async (t) => {
    assert.ok(tools);
    const at = await folder(t);
    const path = join(at, "source.mkv");
    await ffmpeg("-f", "lavfi", "-i", "testsrc2=s=640x360:r=10:d=1", ...flags(encoded), path);
    const facts = await probeFile(tools, path);
    const { video, durationMs } = facts;
    assert.ok(video);
    const encode = async (scaler: Scaler): Promise<string[]> => {
      const rungs = [300, 180].map((side) => ({
        rung: rungOf({ ...facts, video }, side, "veryfast"),
        path: join(at, `${scaler}-${side}.mp4`),
      }));
      const reach = { inputs: [path], outputFolder: at };
      const args = encodeArguments(path, facts, { rungs, scaler });
      await work(tools, { arguments: args, reach, durationMs, fileBytesMax: 2 ** 24, stallMs: 60_000 });
      return rungs.map((rung) => rung.path);
    };
    const [one, other] = [await encode("zscale"), await encode("scale")];
    const alike = await likenesses(one, other);
    assert.equal(alike.length, one.length);
    for (const each of alike) assert.ok(each > 0.98, `SSIM ${each}`);
  });

/** FFmpeg's options that make a source, by what is particular about it. */
function sources(): Record<string, string> {
  return {
    "of video range": "-c:v libx264 -pix_fmt yuv420p",
    "of full range": "-c:v libx264 -pix_fmt yuvj420p",
    "of 10 bits": "-c:v libx264 -pix_fmt yuv420p10le",
    "in 4:4:4": "-c:v libx264 -pix_fmt yuv444p",
    "in red, green and blue": "-c:v libx264rgb -pix_fmt rgb24",
    "with alpha": "-c:v libvpx-vp9 -pix_fmt yuva420p -auto-alt-ref 0",
    "in grey": "-c:v libx264 -pix_fmt gray",
    "marked as red, green, blue": "-c:v libx264 -pix_fmt yuv420p -bsf:v h264_metadata=matrix_coefficients=0",
    "marked with unknown colours":
      "-c:v libx264 -pix_fmt yuv420p -bsf:v h264_metadata=matrix_coefficients=100:colour_primaries=100:transfer_characteristics=100",
    "marked as BT.601": "-c:v libx264 -pix_fmt yuv420p -colorspace smpte170m -color_primaries bt470bg",
    "marked as BT.2020 of constant luminance":
      "-c:v libx264 -pix_fmt yuv420p -colorspace bt2020c -color_primaries bt2020",
    "marked as interlaced": "-c:v libx264 -pix_fmt yuv420p -x264opts fake-interlaced",
    "of odd size": "-vf scale=427:241 -c:v libx264 -pix_fmt yuv444p",
  };
}

const execute = promisify(execFile);
const ffmpeg = (...args: string[]) =>
  execute(tools?.ffmpeg.path ?? "", ["-hide_banner", "-nostdin", "-y", ...args], { maxBuffer: 2 ** 24 });

/** The likeness of each film to the other one at its place. */
async function likenesses(some: readonly string[], others: readonly string[]): Promise<number[]> {
  const inputs = [...some, ...others].flatMap((path) => ["-i", path]);
  const graph = some.map((_, n) => `[${n}:v][${some.length + n}:v]ssim[of${n}]`).join(";");
  const outputs = some.flatMap((_, n) => ["-map", `[of${n}]`]);
  const { stderr } = await ffmpeg(...inputs, "-lavfi", graph, ...outputs, "-f", "null", "-");
  return [...stderr.matchAll(/SSIM .*All:([\d.]+)/g)].map(([, all]) => Number(all));
}
