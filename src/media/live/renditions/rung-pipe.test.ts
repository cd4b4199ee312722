import assert from "node:assert/strict";
import { it } from "node:test";
import type { Frame, VideoFrame } from "../../frames/frame.ts";
import { PicturePipe } from "./rung-pipe.ts";
import { pictureFormat } from "../testing.ts";

const frame = (pts: number, dts: number, isKey: boolean): VideoFrame => ({
  kind: "video",
  pts,
  dts,
  isKey,
  bytes: Buffer.from([0, 0, 0, 1, 0x65]),
});

it("key frames come back with the times they had in the source, though the encoder went by others", () => {
  const came: Frame[] = [];
  const pipe = new PicturePipe(pictureFormat, { format: () => undefined, frame: (one) => came.push(one) });
  // GStreamer by default: pictures are not in the order of their times, and FFmpeg goes by those of decoding.
  pipe.write(frame(1_890, 0, true));
  pipe.write(frame(901_890, 900_720, true));
  for (const [pts, isKey] of [
    [1_890, true],
    [4_950, false],
    [907_020, true],
    [910_080, false],
  ] as const)
    pipe.read(frame(pts, pts, isKey));
  assert.deepEqual(
    came.map((one) => one.kind === "video" && [one.dts, one.pts]),
    [
      [0, 1_890],
      [3_060, 4_950],
      [900_720, 901_890],
      [903_780, 904_950],
    ],
  );
});

it("key frames that the source never had keep their times", () => {
  const came: Frame[] = [];
  const pipe = new PicturePipe(pictureFormat, { format: () => undefined, frame: (one) => came.push(one) });
  pipe.write(frame(1_890, 0, true));
  pipe.read(frame(450_000, 450_000, true));
  assert.deepEqual(
    came.map((one) => one.kind === "video" && [one.dts, one.pts]),
    [[450_000, 450_000]],
  );
});
