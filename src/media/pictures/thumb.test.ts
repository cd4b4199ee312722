import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from "thumbhash";
import { thumbOf } from "./thumb.ts";

test("a thumbnail hash keeps the shape and colour of a picture in under 30 bytes", async () => {
  const red = await sharp({ create: { width: 320, height: 180, channels: 3, background: "#c02010" } })
    .png()
    .toBuffer();
  const hash = Buffer.from(await thumbOf(red), "base64");
  assert.ok(hash.byteLength < 30, `${hash.byteLength}`);
  assert.ok(Math.abs(thumbHashToApproximateAspectRatio(hash) - 16 / 9) < 0.25);
  const { r, g, b } = thumbHashToAverageRGBA(hash);
  assert.ok(r > 0.6 && g < 0.25 && b < 0.2, `${r} ${g} ${b}`);
});
