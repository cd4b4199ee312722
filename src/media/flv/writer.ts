import { opusHead } from "../codec/opus.ts";
import {
  type AudioFormat,
  type AudioFrame,
  type Format,
  type Frame,
  type VideoFormat,
  type VideoFrame,
  ticksPerSecond,
} from "../frames/frame.ts";
import { EcmaArray, encodeAmf0 } from "./amf0.ts";
import { tagTypes } from "./tag.ts";

const ticksPerMs = ticksPerSecond / 1000;
const millisecondsOf = (ticks: number): number => Math.round(ticks / ticksPerMs);

/** The start of an FLV file (Adobe Flash Video File Format 10.1 §E.2), up to its first tag. */
export function flvHeader({ hasVideo, hasAudio }: { hasVideo: boolean; hasAudio: boolean }): Buffer {
  return Buffer.from([0x46, 0x4c, 0x56, 1, (hasAudio ? 4 : 0) | (hasVideo ? 1 : 0), 0, 0, 0, 9, 0, 0, 0, 0]);
}

/** A tag with its size behind it (§E.3, §E.4.1). Only the lowest 32 bits of the time are written. */
export function flvTag(type: number, timeMs: number, ...body: readonly Buffer[]): Buffer {
  const size = body.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(11);
  head.writeUInt8(type, 0);
  head.writeUIntBE(size, 1, 3);
  const timestamp = timeMs % 2 ** 32;
  head.writeUIntBE(timestamp % 2 ** 24, 4, 3);
  head.writeUInt8(Math.floor(timestamp / 2 ** 24), 7);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(size + 11);
  return Buffer.concat([head, ...body, tail]);
}

/** `onMetaData` (§E.5) of a live stream with these formats. */
export function flvMetadata(formats: Iterable<Format>): Buffer {
  const facts = new EcmaArray();
  for (const format of formats) {
    if (format.kind === "video") facts.set("width", format.width).set("height", format.height);
    else facts.set("audiosamplerate", format.sampleRate).set("stereo", format.channels > 1);
  }
  return flvTag(tagTypes.script, 0, encodeAmf0("onMetaData", facts));
}

/**
 * Writes formats and frames as tags: H.264 and AAC as every reader knows them, HEVC, AV1 and Opus as Enhanced RTMP v2.
 * A frame follows the format of its kind.
 */
export class FlvWriter {
  #video: VideoFormat["codec"] = "h264";
  #audio: AudioFormat["codec"] = "aac";

  /** The sequence header, at the time of the frame after it. Ticks. */
  format(format: Format, atTicks = 0): Buffer {
    const timeMs = millisecondsOf(atTicks);
    if (format.kind === "video") {
      this.#video = format.codec;
      return flvTag(tagTypes.video, timeMs, videoHead(format.codec, "config", true, 0), format.config);
    }
    this.#audio = format.codec;
    const config = format.codec === "opus" ? opusHead(format.config) : format.config;
    return flvTag(tagTypes.audio, timeMs, audioHead(format.codec, "config"), config);
  }

  frame(frame: Frame): Buffer {
    return frame.kind === "video" ? this.#picture(frame) : this.#sound(frame);
  }

  #picture({ dts, pts, isKey, bytes }: VideoFrame): Buffer {
    const timeMs = millisecondsOf(dts);
    const compositionMs = Math.min(0x7f_ff_ff, millisecondsOf(pts) - timeMs);
    return flvTag(tagTypes.video, timeMs, videoHead(this.#video, "picture", isKey, compositionMs), bytes);
  }

  #sound({ pts, bytes }: AudioFrame): Buffer {
    return flvTag(tagTypes.audio, millisecondsOf(pts), audioHead(this.#audio, "sound"), bytes);
  }
}

const fourCcs = { hevc: "hvc1", av1: "av01", opus: "Opus" } as const;

function videoHead(
  codec: VideoFormat["codec"],
  kind: "config" | "picture",
  isKey: boolean,
  compositionMs: number,
): Buffer {
  const isConfig = kind === "config";
  const frameType = (isKey ? 1 : 2) << 4;
  const composition = Buffer.alloc(3);
  composition.writeIntBE(compositionMs, 0, 3);
  if (codec === "h264") return Buffer.concat([Buffer.from([frameType | 7, isConfig ? 0 : 1]), composition]);
  const head = Buffer.concat([Buffer.from([0x80 | frameType | (isConfig ? 0 : 1)]), Buffer.from(fourCcs[codec])]);
  return isConfig || codec === "av1" ? head : Buffer.concat([head, composition]);
}

/** For AAC the fields for rate, size and channels are constant (§E.4.2.1). */
function audioHead(codec: AudioFormat["codec"], kind: "config" | "sound"): Buffer {
  const packetType = kind === "config" ? 0 : 1;
  if (codec === "aac") return Buffer.from([0xaf, packetType]);
  return Buffer.concat([Buffer.from([0x90 | packetType]), Buffer.from(fourCcs[codec])]);
}
