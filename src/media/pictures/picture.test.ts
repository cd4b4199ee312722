import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import sharp from "sharp";
import { redrawn } from "./picture.ts";
import { clip } from "../testing.ts";

test("an avatar becomes a square of at most 512 pixels in the requested formats", async () => {
  const pictures = await redrawn(await drawn(1600, 900), "avatar", ["webp", "jpeg"]);
  assert.deepEqual(
    pictures.map(({ mime, width, height }) => [mime, width, height]),
    [
      ["image/webp", 512, 512],
      ["image/jpeg", 512, 512],
    ],
  );
});

test("covers keep their shape, and no picture is enlarged", async () => {
  const size = async (width: number, height: number, purpose: "cover" | "avatar") => {
    const [picture] = await redrawn(await drawn(width, height), purpose, ["webp"]);
    return [picture?.width, picture?.height];
  };
  assert.deepEqual(await size(2560, 1440, "cover"), [1280, 720]);
  assert.deepEqual(await size(1000, 4000, "cover"), [320, 1280]);
  assert.deepEqual(await size(100, 50, "cover"), [100, 50]);
  assert.deepEqual(await size(100, 50, "avatar"), [50, 50]);
});

test("a picture is turned upright and loses its EXIF data", async () => {
  const sideways = await sharp(await drawn(200, 100))
    .withExif({ IFD0: { Copyright: "SECRET" }, IFD3: { GPSLatitude: "52/1 31/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const [picture] = await redrawn(sideways, "cover", ["jpeg"]);
  assert.deepEqual([picture?.width, picture?.height], [100, 200]);
  const { exif, orientation } = await sharp(picture?.bytes).metadata();
  assert.deepEqual([exif, orientation], [undefined, undefined]);
});

test("bytes appended to a picture are removed", async () => {
  const bytes = Buffer.concat([await drawn(64, 64), Buffer.from("<script>alert(1)</script>")]);
  const [picture] = await redrawn(bytes, "cover", ["webp"]);
  assert.equal(Buffer.from(picture?.bytes ?? []).includes("<script>"), false);
});

test("a file that is not a raster picture is refused with its code", async () => {
  const cases: [Uint8Array, string][] = [
    [await readFile(clip("script.svg")), "media.unsupported"],
    [await readFile(clip("html-as-video.mp4")), "media.unsupported"],
    [await readFile(clip("polyglot-gif-js.gif")), "media.unsupported"],
    [await readFile(clip("basic-720p.mp4")), "media.unsupported"],
    [new Uint8Array(0), "media.empty"],
    [(await drawn(300, 300)).subarray(0, 200), "media.unreadable"],
  ];
  for (const [bytes, code] of cases)
    await assert.rejects(redrawn(bytes, "cover", ["webp"]), { name: "MediaRejected", code });
});

test("a picture with too many pixels is refused", async () => {
  const bomb = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: "black" } })
    .png()
    .toBuffer();
  await assert.rejects(redrawn(bomb, "cover", ["webp"]), { code: "media.too_many_pixels" });
});

test("an animation yields its first picture", async () => {
  const [picture] = await redrawn(await readFile(clip("animated.gif")), "cover", ["webp"]);
  assert.deepEqual([picture?.width, picture?.height], [240, 160]);
});

const drawn = (width: number, height: number): Promise<Buffer> =>
  sharp({
    create: { width, height, channels: 3, background: "teal", noise: { type: "gaussian", mean: 128, sigma: 30 } },
  })
    .png()
    .toBuffer();
