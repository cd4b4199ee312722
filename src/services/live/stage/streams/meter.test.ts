import assert from "node:assert/strict";
import { test } from "node:test";
import type { VideoFormat } from "#media/frames/frame";
import { pictureFormat, soundFormat, steadyFrames } from "#media/live/testing";
import { StreamMeter } from "./meter.ts";

test("rates are of the last ten whole seconds", () => {
  const meter = metered({ seconds: 30 });
  const { framesPerSecond, keyframeMs, bitrateBps, video, audio } = meter.facts(30_000);
  assert.deepEqual([framesPerSecond, keyframeMs, video?.width, audio?.channels], [30, 2_000, 320, 2]);
  const pictures = 30 * 23;
  assert.ok(Math.abs(bitrateBps - (pictures + 47 * 9) * 8) < 200, `${bitrateBps}`);
  assert.equal(meter.facts(60_000).bitrateBps, 0);
});

test("an owner is warned of key frames far apart, of lost frames, and of what is missing", () => {
  assert.deepEqual(metered({ seconds: 20 }).facts(20_000).warnings, []);
  assert.deepEqual(metered({ seconds: 20, keySeconds: 8 }).facts(20_000).warnings, ["keyframes_apart"]);
  assert.deepEqual(metered({ seconds: 20, dropped: 1 }).facts(20_000).warnings, ["frames_dropped"]);
  assert.deepEqual(metered({ seconds: 20, isSilent: true }).facts(20_000).warnings, ["no_sound"]);
  assert.deepEqual(metered({ seconds: 20 }).facts(24_000).warnings, ["silent"]);
  assert.deepEqual(metered({ seconds: 9, isBlind: true }).facts(9_000).warnings, []);
  assert.deepEqual(metered({ seconds: 11, isBlind: true }).facts(11_000).warnings, ["no_picture"]);
});

test("an owner is warned of pictures without key frames, and of pictures that browsers do not play", () => {
  const endless = metered({ seconds: 20, keySeconds: 1_000 });
  assert.deepEqual(endless.facts(20_000).warnings, ["keyframes_missing"]);
  assert.deepEqual(metered({ seconds: 9, keySeconds: 1_000 }).facts(9_000).warnings, []);
  const undecodable = new StreamMeter(0);
  undecodable.format(pictureFormat);
  undecodable.format(soundFormat);
  for (const frame of steadyFrames({ seconds: 12, keySeconds: 1_000 }).slice(2))
    undecodable.frame(frame, (frame.kind === "video" ? frame.dts : frame.pts) / 90, 0);
  assert.deepEqual(undecodable.facts(12_000).warnings, ["keyframes_missing"]);
  for (const [codec, profile, isWarned] of [
    ["h264", 100, false],
    ["h264", 244, true],
    ["h264", 110, true],
    ["hevc", 1, true],
    ["av1", 0x81, true],
  ] as const) {
    const config = Buffer.from(pictureFormat.config);
    config[1] = profile;
    const meter = metered({ seconds: 8, picture: { ...pictureFormat, codec, config } });
    assert.deepEqual(meter.facts(8_000).warnings, isWarned ? ["picture_not_common"] : [], `${codec} ${profile}`);
  }
});

test("a stream is over its limit once a whole window was", () => {
  const meter = metered({ seconds: 9 });
  assert.equal(meter.isOver(100, 9_000), false);
  assert.equal(metered({ seconds: 11 }).isOver(100, 11_000), true);
  assert.equal(metered({ seconds: 11 }).isOver(1_000_000, 11_000), false);
});

interface Metered {
  readonly seconds: number;
  readonly keySeconds?: number;
  readonly isSilent?: boolean;
  /** Pictures are stated, and none come. */
  readonly isBlind?: boolean;
  readonly dropped?: number;
  readonly picture?: VideoFormat;
}

function metered({
  seconds,
  keySeconds = 2,
  isSilent = false,
  isBlind = false,
  dropped = 0,
  picture = pictureFormat,
}: Metered): StreamMeter {
  const meter = new StreamMeter(0);
  meter.format(picture);
  if (!isSilent) meter.format(soundFormat);
  for (const frame of steadyFrames({ seconds, keySeconds })) {
    if ((isSilent && frame.kind === "audio") || (isBlind && frame.kind === "video")) continue;
    meter.frame(frame, (frame.kind === "video" ? frame.dts : frame.pts) / 90, dropped);
  }
  return meter;
}
