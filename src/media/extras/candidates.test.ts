import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import sharp, { type Sharp } from "sharp";
import { candidateArguments, lookAt, bestCandidate, scoreOf, turnsOf } from "./candidates.ts";
import { clip, folder, probeFile, testTools, without } from "../testing.ts";
import { work } from "../process/work.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");

test("cover candidates are taken from several places of a film, upright", { skip }, async (t) => {
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
    const places = [0.08, 0.25, 0.42, 0.6, 0.8];
    const pathOf = (place: number) => join(at, `c-${place}.jpg`);
    const paths = places.map(pathOf);
    const args = candidateArguments(clip(name), { ...probe, video }, places, pathOf);
    const reach = { inputs: [clip(name)], outputFolder: at };
    await work(tools, { arguments: args, reach, durationMs: probe.durationMs, fileBytesMax: 2 ** 24, stallMs: 60_000 });
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

test("a blank picture scores zero, and a sharp one higher than a blurred one", async () => {
  const score = async (picture: Sharp) => scoreOf(await lookAt(await picture.png().toBuffer()));
  const plain = (background: string) => sharp({ create: { width: 320, height: 180, channels: 3, background } });
  for (const colour of ["#000", "#fff", "#888", "#0a0a0a"]) assert.equal(await score(plain(colour)), 0, colour);
  const noise = Buffer.from(Array.from({ length: 320 * 180 * 3 }, (_, n) => (n * 7_919) % 256));
  const sharpOne = sharp(noise, { raw: { width: 320, height: 180, channels: 3 } });
  assert.ok((await score(sharpOne.clone())) > 1.5 * (await score(sharpOne.clone().blur(8))));
});

test("a second round of candidates is taken only when none of the first scores high enough", async () => {
  const turns = [
    [0.2, 0.4],
    [0.1, 0.3],
  ];
  const bytes = Buffer.alloc(0);
  const looked = async (scores: Record<number, number>) => {
    const seen: number[] = [];
    const best = await bestCandidate(turns, async (places) => {
      seen.push(...places);
      return places.flatMap((place) => (scores[place] === undefined ? [] : [{ bytes, score: scores[place] }]));
    });
    return [best?.score, seen.length];
  };
  assert.deepEqual(await looked({ 0.2: 1, 0.4: 5, 0.1: 9 }), [5, 2]);
  assert.deepEqual(await looked({ 0.2: 1.5, 0.4: 0, 0.1: 3, 0.3: 2 }), [3, 4]);
  assert.deepEqual(await looked({ 0.2: 1.5, 0.1: 0.5 }), [1.5, 4]);
  assert.deepEqual(await looked({ 0.2: 0, 0.4: 0, 0.1: 0, 0.3: 0 }), [undefined, 4]);
  assert.deepEqual(await looked({}), [undefined, 4]);
});

test("a film with one key frame is sampled once, and other films in two rounds", { skip }, async () => {
  assert.ok(tools);
  for (const [name, expected] of [
    ["basic-720p.mp4", [2, 3]],
    ["video-only.mp4", [1]],
    ["one-frame.mp4", [1]],
  ] as const) {
    const probe = await probeFile(tools, clip(name));
    const { video } = probe;
    assert.ok(video);
    const turns = turnsOf({ ...probe, video });
    assert.deepEqual([name, ...turns.map((places) => places.length)], [name, ...expected]);
  }
});
