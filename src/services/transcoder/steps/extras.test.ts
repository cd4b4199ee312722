import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import sharp from "sharp";
import { bytesOf } from "#kernel/blob/object-bytes";
import { callOf } from "#kernel/host/testing";
import { media } from "#services/media/contract";
import { until } from "#test/until";
import { MediaFixture } from "../testing.ts";

describe("extras", () => {
  before(() => fixture.open());
  after(() => fixture[Symbol.asyncDispose]());

  it("are storyboard, animated preview, thumbnail, waveform and loudness, as far as the source has video and audio", async () => {
    for (const [name, files, tiles] of [
      ["basic-720p.mp4", ["preview.avif", "storyboard-1.jpg", "waveform.json"], 6],
      ["video-only.mp4", ["preview.avif", "storyboard-1.jpg"], undefined],
      ["audio-only-cover.mp3", ["waveform.json"], 0],
      ["one-frame.mp4", ["storyboard-1.jpg"], 1],
      ["silent-audio.mp4", ["preview.avif", "storyboard-1.jpg", "waveform.json"], undefined],
    ] as const) {
      const { mediaId, extras } = await extrasOfClip(name);
      assert.deepEqual(
        extras.files.map((file) => file.name),
        files,
        name,
      );
      assert.equal(extras.storyboard === null, tiles === 0, name);
      if (tiles) assert.equal(extras.storyboard?.count, tiles, name);
      const { items } = await fixture.host.client(media).briefs({ ids: [mediaId] }, callOf());
      assert.ok(Buffer.from(items[0]?.thumb ?? "", "base64").byteLength > 5, name);
      assert.equal(
        items[0]?.hasPreview,
        extras.files.some((file) => file.name === "preview.avif"),
      );
      assert.equal(extras.loudness === null, name === "video-only.mp4" || name === "one-frame.mp4", name);
      if (name === "silent-audio.mp4") assert.equal(extras.loudness?.integratedLufs, null);
      for (const { key, sizeBytes } of extras.files)
        assert.equal((await bytesOf(fixture.blob, key))?.byteLength, sizeBytes, name);
    }
  });

  it("show the frames of their times in the storyboard, and the audio in the waveform", async () => {
    const { extras } = await extrasOfClip("black-lead-in.mp4");
    const { storyboard: board } = extras;
    const sheet = await bytes(extras.files, "storyboard-1.jpg");
    assert.ok(board && sheet);
    const light = async (n: number) => {
      const [left, top] = [(n % board.columns) * board.tileWidth, Math.floor(n / board.columns) * board.tileHeight];
      const tile = sharp(sheet).extract({ left, top, width: board.tileWidth, height: board.tileHeight }).greyscale();
      return (await sharp(await tile.png().toBuffer()).stats()).channels[0]?.mean ?? 0;
    };
    assert.ok((await light(0)) < 20 && (await light(2)) < 20, "three seconds of black");
    assert.ok((await light(board.count - 1)) > 30, "and then none");
    const loud = await extrasOfClip("basic-720p.mp4");
    const { peak_ms, peaks } = JSON.parse(String(await bytes(loud.extras.files, "waveform.json"))) as {
      peak_ms: number;
      peaks: number[];
    };
    assert.ok(Math.abs(peaks.length * peak_ms - 6_000) < 200, `${peaks.length}`);
    assert.ok(peaks.every((peak) => Number.isInteger(peak) && peak >= 0 && peak <= 255));
  });

  it("have a complete storyboard when the audio is longer than the video", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-extras-"));
    const path = join(folder, "long-sound.mp4");
    // A full sheet has 25 pictures, one a second.
    const picture = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=10:duration=25"];
    const sound = ["-f", "lavfi", "-i", "sine=duration=25.3"];
    const codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"];
    await promisify(execFile)("ffmpeg", ["-v", "error", ...picture, ...sound, ...codecs, path]);
    const { id } = await fixture.sendBytes(await readFile(path), "long-sound.mp4", mira);
    await rm(folder, { recursive: true });
    const { extras } = await extrasOf(id);
    assert.equal(extras.storyboard?.count, 25);
    assert.deepEqual(
      extras.files.map((file) => file.name),
      ["preview.avif", "storyboard-1.jpg", "waveform.json"],
    );
  });
});

const mira = 11;
const fixture = new MediaFixture();

/** By clip: each is processed once. */
const sent = new Map<string, number>();

async function extrasOfClip(name: string) {
  const id = sent.get(name) ?? (await fixture.send(name, mira)).id;
  sent.set(name, id);
  return extrasOf(id);
}

const extrasOf = (id: number) =>
  until(async () => {
    const playable = await fixture.host.client(media).playable({ id }, callOf());
    return playable.extras.files.length === 0 ? undefined : playable;
  });

async function bytes(files: readonly { name: string; key: string }[], name: string): Promise<Buffer | undefined> {
  const file = files.find((one) => one.name === name);
  return file && bytesOf(fixture.blob, file.key);
}
