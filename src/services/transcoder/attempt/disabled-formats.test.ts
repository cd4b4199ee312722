import assert from "node:assert/strict";
import { it } from "node:test";
import type { AudioProbe, VideoProbe } from "#media/source/probe";
import { DisabledFormats } from "./disabled-formats.ts";

it("disabled formats refuse a file for any stream that would be decoded, including further audio tracks and captions", () => {
  const video = { codec: "h264" } as VideoProbe; // All that is read of them.
  const sound = (codec: string) => ({ codec }) as AudioProbe;
  const source = {
    demuxer: "matroska",
    video,
    audio: sound("aac"),
    otherAudio: [sound("opus"), sound("ac3")],
    captions: [{ index: 4, codec: "ass" }],
  } as const;
  const isRefused = (...codecs: string[]) => new DisabledFormats({ containers: [], codecs }).has(source);
  for (const codec of ["h264", "aac", "opus", "ac3", "ass"]) assert.equal(isRefused(codec), true, codec);
  assert.equal(isRefused("hevc", "mp3"), false);
  assert.equal(new DisabledFormats({ containers: ["matroska"], codecs: [] }).has({ demuxer: "matroska" }), true);
});
