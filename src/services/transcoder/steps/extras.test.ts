import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import sharp, { type Region } from "sharp";
import type { z } from "zod";
import { bytesOf } from "#kernel/blob/object-bytes";
import { callOf } from "#kernel/host/testing";
import { withEdits } from "#media/mp4/testing";
import { media, type Playable } from "#services/media/contract";
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
    const light = (n: number) => lightOf(sheet, tileOf(board, n));
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

  it("hold nothing that an edit list cuts out, and neither does the cover", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-extras-"));
    const path = join(folder, "cut.mp4");
    // Nearly two seconds in the middle are white and loud, the others dark and quiet: a cut is exact to a packet of sound.
    const picture = "testsrc2=s=160x90:r=25:d=6,eq=brightness=-0.5,drawbox=t=fill:c=white:enable='between(t,2.1,3.9)'";
    const sound = "aevalsrc='if(between(t,2.1,3.9),0.9,0.02)*sin(2*PI*440*t)':s=48000:d=6";
    const inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound];
    const codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac"];
    await promisify(execFile)("ffmpeg", ["-v", "error", ...inputs, ...codecs, path]);
    const film = await readFile(path);
    await rm(folder, { recursive: true });
    const cutFilm = withEdits(film, [
      { from: 0, seconds: 2 },
      { from: 4, seconds: 2 },
    ]);
    for (const [what, bytes] of [
      ["whole", film],
      ["cut", cutFilm],
    ] as const) {
      const { id } = await fixture.sendBytes(bytes, `${what}.mp4`, mira);
      const playable = await extrasOf(id);
      const { lightest, loudest, seconds } = await extremes(playable);
      const isCut = what === "cut";
      assert.ok(Math.abs(seconds - (isCut ? 4 : 6)) < 0.2, `${what}: ${seconds} s of waveform`);
      assert.equal(playable.extras.storyboard?.count, isCut ? 4 : 6, what);
      assert.equal(loudest > 100, !isCut, `${what}: a peak of ${loudest}`);
      for (const [name, light] of Object.entries(lightest))
        if (isCut || name !== "cover") assert.equal(light > 200, !isCut, `${what}: ${name} as light as ${light}`);
    }
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

/**
 * The peak and length of the waveform, and the brightness (0–255) of the cover, the lightest preview picture and the
 * lightest tile.
 */
async function extremes({ extras, cover }: z.output<typeof Playable>) {
  const [board, sheet] = [extras.storyboard, await bytes(extras.files, "storyboard-1.jpg")];
  const preview = await bytes(extras.files, "preview.avif");
  const coverBytes = cover && (await bytesOf(fixture.blob, cover.key));
  const waveform = String(await bytes(extras.files, "waveform.json"));
  assert.ok(board && sheet && preview && coverBytes);
  const tiles = Array.from({ length: board.count }, (_, n) => lightOf(sheet, tileOf(board, n)));
  const { peak_ms: peakMs, peaks } = JSON.parse(waveform) as { peak_ms: number; peaks: number[] }; // By its contract.
  return {
    lightest: {
      cover: await lightOf(coverBytes),
      preview: Math.max(...(await lightsOf(preview))),
      storyboard: Math.max(...(await Promise.all(tiles))),
    },
    loudest: Math.max(...peaks),
    seconds: (peaks.length * peakMs) / 1_000,
  };
}

/** The place of a tile in its sheet. */
const tileOf = (
  {
    columns,
    tileWidth,
    tileHeight,
  }: { readonly columns: number; readonly tileWidth: number; readonly tileHeight: number },
  n: number,
): Region => ({
  left: (n % columns) * tileWidth,
  top: Math.floor(n / columns) * tileHeight,
  width: tileWidth,
  height: tileHeight,
});

async function lightOf(picture: Buffer, part?: Region): Promise<number> {
  const whole = sharp(picture).greyscale();
  return (await sharp(await (part ? whole.extract(part) : whole).png().toBuffer()).stats()).channels[0]?.mean ?? 0;
}

/** The light of each picture of an animation. */
async function lightsOf(animation: Buffer): Promise<Buffer> {
  const path = join(fixture.folder, "preview.avif");
  await writeFile(path, animation);
  const light = "scale=1:1:flags=area,format=gray";
  const args = ["-v", "error", "-i", path, "-vf", light, ..."-fps_mode passthrough -f rawvideo pipe:1".split(" ")];
  return (await promisify(execFile)("ffmpeg", args, { encoding: "buffer" })).stdout;
}
