import { aacConfig } from "../codec/aac.ts";
import { av1Config, withoutTemporalDelimiter } from "../codec/av1.ts";
import { h264Config } from "../codec/h264.ts";
import { hevcConfig } from "../codec/hevc.ts";
import { withFourByteLengths } from "../codec/nal.ts";
import { opusConfig, opusRate, opusSamples } from "../codec/opus.ts";
import type { PictureConfig } from "../codec/picture-config.ts";
import {
  type AudioFormat,
  type AudioFrame,
  type Format,
  type Frame,
  type VideoFormat,
  type VideoFrame,
  ticksPerSecond,
} from "../frames/frame.ts";
import { malformedRefusal } from "../frames/ingest-refusal.ts";
import { audioPacket } from "./audio-packet.ts";
import { type FlvTag, tagTypes } from "./tag.ts";
import { unwrapTimestamp } from "./timestamp.ts";
import { videoPacket } from "./video-packet.ts";

const ticksPerMs = ticksPerSecond / 1000;
/** How far pictures may be presented before the time that their tags give for decoding. */
const leadMsMax = 10_000;

/**
 * Turns the audio and video tags of one stream, in their order, into formats and frames. A format is yielded again when
 * it changes. Frames before the format of their codec are dropped. Frames view the body of their tag.
 */
export class FlvTracks {
  #clockMs: number | undefined;
  #leadMs = 0;
  #video: { readonly format: VideoFormat; readonly lengthBytes: number } | undefined;
  #audio: { readonly format: AudioFormat; readonly samples: number } | undefined;

  /** Undefined for a tag that holds neither a new format nor a frame. @throws IngestRefusal */
  read({ type, timestampMs, body }: FlvTag): Format | Frame | undefined {
    if (type !== tagTypes.audio && type !== tagTypes.video) return undefined;
    const timeMs = unwrapTimestamp(this.#clockMs, timestampMs);
    this.#clockMs = timeMs;
    return type === tagTypes.video ? this.#readVideo(body, timeMs) : this.#readAudio(body, timeMs);
  }

  #readVideo(body: Buffer, timeMs: number): VideoFormat | VideoFrame | undefined {
    const packet = videoPacket(body);
    if (packet === undefined || packet.payload.length === 0) return undefined;
    const { codec, payload, isKey, compositionMs } = packet;
    if (packet.kind === "config") {
      const { config, lengthBytes, size } = videoConfigs[codec](payload);
      if (isSame(this.#video, codec, config)) return undefined;
      this.#video = { lengthBytes, format: { kind: "video", codec, config, ...size } };
      return this.#video.format;
    }
    if (this.#video === undefined) return undefined;
    if (this.#video.format.codec !== codec)
      throw malformedRefusal("a picture is of another codec than its configuration");
    const { lengthBytes } = this.#video;
    const bytes = codec === "av1" ? withoutTemporalDelimiter(payload) : withFourByteLengths(payload, lengthBytes);
    if (bytes.length === 0) return undefined;
    // Publishers with a negative composition time decode all pictures earlier by the largest of them.
    this.#leadMs = Math.min(leadMsMax, Math.max(this.#leadMs, -compositionMs));
    const dtsMs = Math.max(0, timeMs - this.#leadMs);
    const ptsMs = Math.max(dtsMs, timeMs + compositionMs);
    return { kind: "video", dts: dtsMs * ticksPerMs, pts: ptsMs * ticksPerMs, isKey, bytes };
  }

  #readAudio(body: Buffer, timeMs: number): AudioFormat | AudioFrame | undefined {
    const packet = audioPacket(body);
    if (packet === undefined) return undefined;
    const { codec, payload } = packet;
    if (packet.kind === "config") {
      const read = codec === "aac" ? aacTrack(payload) : opusTrack(payload);
      if (isSame(this.#audio, codec, read.format.config)) return undefined;
      this.#audio = read;
      return read.format;
    }
    if (this.#audio === undefined || payload.length === 0) return undefined;
    if (this.#audio.format.codec !== codec) throw malformedRefusal("sound is of another codec than its configuration");
    const samples = codec === "opus" ? opusSamples(payload) : this.#audio.samples;
    return { kind: "audio", pts: timeMs * ticksPerMs, samples, bytes: payload };
  }
}

const videoConfigs: Record<VideoFormat["codec"], (record: Buffer) => PictureConfig> = {
  h264: h264Config,
  hevc: hevcConfig,
  av1: av1Config,
};

const isSame = (track: { readonly format: Format } | undefined, codec: string, config: Buffer): boolean =>
  track !== undefined && track.format.codec === codec && track.format.config.equals(config);

function aacTrack(payload: Buffer): { format: AudioFormat; samples: number } {
  const { sampleRate, channels, samplesPerFrame } = aacConfig(payload);
  const config = Buffer.from(payload);
  return { format: { kind: "audio", codec: "aac", config, sampleRate, channels }, samples: samplesPerFrame };
}

function opusTrack(payload: Buffer): { format: AudioFormat; samples: number } {
  const config = opusConfig(payload);
  return {
    format: { kind: "audio", codec: "opus", config, sampleRate: opusRate, channels: config[1] ?? 0 },
    samples: 0,
  };
}
