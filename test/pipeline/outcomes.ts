import type { Rejection } from "#media/rejection";
import { isNightly } from "#test/depth";

/** An hour, or some ten minutes: those too have more seconds than a storyboard has pictures, and more peaks than are drawn. */
export const longSeconds = isNightly ? 3_600 : 640;

/** Processed in the nightly run: to an encoder they are as the others, and other suites transcode them or files like them. */
const longForm = new Set([
  "basic-720p.mp4",
  "anamorphic-sar.mp4",
  "audio-only-cover.mp3",
  "fragmented.mp4",
  "interlaced-pal.ts",
  "letterboxed.mp4",
  "lying-duration.mp4",
  "moov-at-end.mp4",
  "multi-audio-subs.mkv",
  "odd-size-427x241.webm",
  "polyglot-mp4-zip.mp4",
  "rotated-90.mp4",
  "ten-bit-h264.mp4",
  "ts-offset-7200s.ts",
  "video-only.mp4",
]);

/** Seconds, display size, sounds, and what is made besides. */
type Row = readonly [number, string, number, readonly string[]];
const pictures = ["preview.avif", "storyboard"] as const;
const all = [...pictures, "waveform.json"] as const;
export const ready: Readonly<Record<string, Row>> = {
  "alpha-vp8.webm": [2, "320x180", 0, pictures],
  "anamorphic-sar.mp4": [3, "512x288", 0, pictures],
  "animated.gif": [3, "240x160", 0, pictures],
  "audio-only-cover.mp3": [6, "none", 1, ["waveform.json"]],
  "basic-720p.mp4": [6, "1280x720", 1, all],
  "black-lead-in.mp4": [6, "640x360", 0, pictures],
  "fragmented.mp4": [6, "480x270", 1, all],
  "hdr10-hevc.mp4": [3, "640x360", 1, all],
  "interlaced-pal.ts": [4, "768x576", 1, all],
  "letterboxed.mp4": [3, "640x480", 0, pictures],
  "long-tiny.mkv": [longSeconds, "160x90", 1, all],
  "lying-duration.mp4": [6, "480x270", 1, all],
  "moov-at-end.mp4": [6, "480x270", 1, all],
  "multi-audio-subs.mkv": [5, "480x270", 2, all],
  "odd-size-427x241.webm": [3, "427x241", 0, pictures],
  "one-frame.mp4": [0.03, "320x180", 0, ["storyboard"]],
  "polyglot-mp4-zip.mp4": [6, "1280x720", 1, all],
  "quiet-audio.mp4": [6, "320x180", 1, all],
  "rotated-90.mp4": [4, "360x640", 1, all],
  "silent-audio.mp4": [4, "320x180", 1, all],
  "surround-51.mp4": [4, "320x180", 2, all],
  "ten-bit-h264.mp4": [3, "640x360", 0, pictures],
  "ts-offset-7200s.ts": [4, "640x360", 1, all],
  "vfr-60-15-30.mp4": [5, "480x270", 1, all],
  "video-only.mp4": [4, "640x360", 0, pictures],
};
/** Those of this run. */
export const processed = Object.fromEntries(Object.entries(ready).filter(([name]) => isNightly || !longForm.has(name)));
/** On upload. */
export const refused: Readonly<Record<string, Rejection>> = {
  "captions-en.srt": "media.unsupported",
  "empty.mp4": "media.empty",
  "hostile.vtt": "media.unsupported",
  "html-as-video.mp4": "media.unsupported",
  "localfile-concat.mp4": "media.unsupported",
  "localfile-hls.mov": "media.unsupported",
  "polyglot-gif-js.gif": "media.unsupported",
  "script.svg": "media.unsupported",
  "ssrf-hls.mp4": "media.unsupported",
};
/** By the transcoder. */
export const rejected: Readonly<Record<string, Rejection>> = {
  "bomb-8192x8192.mp4": "media.too_many_pixels",
  "corrupt-stts.mp4": "media.unreadable",
  "truncated-no-moov.mp4": "media.unreadable",
};
export const captions: Readonly<Record<string, string>> = {
  "captions-en.srt":
    "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nHello <b>captions</b>\n\n00:00:02.500 --> 00:00:04.000\n字幕 второй\n",
  "hostile.vtt":
    "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\n",
};
