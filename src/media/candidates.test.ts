import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import sharp, { type Sharp } from "sharp";
import { candidateArguments, candidateCount, lookAt, scoreOf } from "./candidates.ts";
import { clip, folder, probeFile, testTools, without } from "./testing.ts";
import { work } from "./work.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");

test("pictures are taken from all over a film, upright, as many as it has", { skip }, async (t) => {
  assert.ok(tools);
  for (const [name, least, width, height] of [
    ["black-lead-in.mp4", 2, undefined, undefined],
    ["rotated-90.mp4", 5, 360, 640],
    ["one-frame.mp4", 1, 320, 180],
    ["basic-720p.mp4", 3, 1280, 720],
  ] as const) {
    const at = await folder(t);
    const probe = await probeFile(tools, clip(name));
    const { video } = probe;
    assert.ok(video);
    const paths = Array.from({ length: candidateCount }, (_, n) => join(at, `c-${n}.jpg`));
    const args = candidateArguments(clip(name), { ...probe, video }, (n) => paths[n] ?? "");
    const reach = { inputs: [clip(name)], outputFolder: at };
    await work(tools, { arguments: args, reach, durationMs: probe.durationMs, fileBytesMax: 2 ** 24, stallMs: 20_000 });
    const there = [];
    for (const path of paths)
      if (
        await access(path).then(
          () => true,
          () => false,
        )
      )
        there.push(path);
    assert.ok(there.length >= least, `${name}: ${there.length}`);
    for (const path of there) {
      const { width: w, height: h } = await sharp(path).metadata();
      if (width !== undefined) assert.deepEqual([w, h], [width, height], name);
    }
    if (name !== "black-lead-in.mp4") continue;
    const scores = await Promise.all(there.map(async (path) => scoreOf(await lookAt(await readFile(path)))));
    assert.ok(scores.some((score) => score === 0) && scores.some((score) => score > 1), scores.join());
  }
});

test("a picture that says nothing is worth nothing, and a sharp one more than a blurred one", async () => {
  const score = async (picture: Sharp) => scoreOf(await lookAt(await picture.png().toBuffer()));
  const plain = (background: string) => sharp({ create: { width: 320, height: 180, channels: 3, background } });
  for (const colour of ["#000", "#fff", "#888", "#0a0a0a"]) assert.equal(await score(plain(colour)), 0, colour);
  const noise = Buffer.from(Array.from({ length: 320 * 180 * 3 }, (_, n) => (n * 7_919) % 256));
  const sharpOne = sharp(noise, { raw: { width: 320, height: 180, channels: 3 } });
  assert.ok((await score(sharpOne.clone())) > 1.5 * (await score(sharpOne.clone().blur(8))));
});
