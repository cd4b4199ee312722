import assert from "node:assert/strict";
import { test } from "node:test";
import { selectStreams } from "./selection.ts";
import type { StreamFacts } from "./stream-facts.ts";

const decodableCodecs = new Set(["h264", "hevc", "aac", "opus", "subrip"]);

test("attachments, data and captions do not count towards the limit of streams", () => {
  const others = Array.from({ length: 200 }, (_, n) => stream(2 + n, { type: "other", codec: "ttf" }));
  const captions = Array.from({ length: 100 }, (_, n) => stream(202 + n, { type: "subtitle", codec: "subrip" }));
  const covers = Array.from({ length: 100 }, (_, n) => picture(302 + n, { isAttachedPicture: true }));
  const selection = select(picture(0), sound(1), ...others, ...captions, ...covers);
  assert.deepEqual([selection.video?.index, selection.audio?.index, selection.captions.length], [0, 1, 64]);
});

test("a file with more than 64 pictures and sounds is refused", () => {
  const sounds = Array.from({ length: 64 }, (_, n) => sound(1 + n));
  assert.equal(select(...sounds).otherAudio.length, 7);
  assert.throws(() => select(picture(0), ...sounds), { code: "media.too_many_streams" });
});

test("a sound that cannot be decoded gives way to the next, in both orders", () => {
  const spatial = { codec: "none", channels: 4, isDefault: true };
  for (const streams of [
    [picture(0), sound(1, spatial), sound(2)],
    [picture(0), sound(2), sound(1, spatial)],
    [sound(1, { codec: "unknown", channels: 4 }), sound(2), picture(0)],
    [picture(0), sound(1, { codec: "ac4" }), sound(2)],
    [picture(0), sound(1, { channels: 0 }), sound(2)],
  ]) {
    const { video, audio, otherAudio, notices } = select(...streams);
    assert.deepEqual([video?.index, audio?.index, otherAudio], [0, 2, []]);
    assert.deepEqual(notices, ["media.sound_left_out"]);
  }
});

test("a film whose only sound cannot be decoded plays without sound, and says so", () => {
  const { video, audio, notices } = select(picture(0), sound(1, { codec: "none" }));
  assert.deepEqual([video?.index, audio, notices], [0, undefined, ["media.no_sound"]]);
  assert.deepEqual(select(picture(0)).notices, []);
});

test("a file whose picture or only sound has no decoder is refused, and one without a readable picture too", () => {
  assert.throws(() => select(picture(0, { codec: "vvc" }), sound(1)), { code: "media.unknown_picture" });
  assert.throws(() => select(sound(0, { codec: "none" })), { code: "media.unknown_sound" });
  assert.throws(() => select(picture(0, { pixelFormat: undefined }), sound(1)), { code: "media.unreadable" });
  assert.throws(() => select(picture(0, { width: 0 })), { code: "media.unreadable" });
});

test("the film is the default picture, then the largest, never a thumbnail, a second view or an attached picture", () => {
  const large = { width: 1920, height: 1080 };
  for (const [name, streams] of Object.entries({
    "the default one": [picture(1, { ...large, isDefault: false }), picture(0)],
    "the largest of several": [picture(1, { width: 160, height: 90 }), picture(0)],
    "the largest where none is default": [picture(1, { isDefault: false }), picture(0, { ...large, isDefault: false })],
    "the first of the same size": [picture(0), picture(1)],
    "the film beside thumbnails over time": [picture(1, { ...large, isSecondary: true }), picture(0)],
    "the film beside an attached picture": [picture(1, { ...large, isAttachedPicture: true }), picture(0)],
    "the decodable one": [picture(1, { ...large, codec: "vvc" }), picture(0)],
    "the readable one": [picture(1, { ...large, pixelFormat: undefined }), picture(0)],
  }))
    assert.equal(select(...streams).video?.index, 0, name);
});

test("the default sound plays first, and the others can be chosen", () => {
  const { audio, otherAudio } = select(picture(0), sound(1, { isDefault: false }), sound(2), sound(3));
  assert.deepEqual([audio?.index, otherAudio.map(({ index }) => index)], [2, [1, 3]]);
});

const select = (...streams: readonly StreamFacts[]) =>
  selectStreams({ streams, chapters: [], claimedSeconds: undefined }, decodableCodecs);

const stream = (index: number, facts: Pick<StreamFacts, "type" | "codec"> & Partial<StreamFacts>): StreamFacts => ({
  index,
  isAttachedPicture: false,
  isSecondary: false,
  isDefault: false,
  width: 0,
  height: 0,
  sar: 1,
  fps: 0,
  fieldOrder: "unknown",
  isFullRange: false,
  channels: 0,
  sampleRate: 0,
  ...facts,
});

const picture = (index: number, facts: Partial<StreamFacts> = {}): StreamFacts =>
  stream(index, {
    type: "video",
    codec: "h264",
    isDefault: true,
    width: 640,
    height: 360,
    pixelFormat: "yuv420p",
    fps: 25,
    ...facts,
  });

const sound = (index: number, facts: Partial<StreamFacts> = {}): StreamFacts =>
  stream(index, { type: "audio", codec: "aac", isDefault: true, channels: 2, sampleRate: 48_000, ...facts });
