/** Ticks a second of all times of live frames; milliseconds and samples at 48 kHz are whole numbers of them. */
export const ticksPerSecond = 90_000;

export interface VideoFormat {
  readonly kind: "video";
  readonly codec: "h264" | "hevc" | "av1";
  /** The contents of the box `avcC`, `hvcC` or `av1C` (ISO/IEC 14496-15 §5.3.3, §8.3.3; AV1-ISOBMFF §2.3). */
  readonly config: Buffer;
  /** Pixels, as the sequence header says. */
  readonly width: number;
  readonly height: number;
}

export interface AudioFormat {
  readonly kind: "audio";
  readonly codec: "aac" | "opus";
  /** AAC: the AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1). Opus: what the box `dOps` contains. */
  readonly config: Buffer;
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
}

export type Format = VideoFormat | AudioFormat;

/** One picture: NAL units with lengths of four bytes before them, or a temporal unit of AV1. */
export interface VideoFrame {
  readonly kind: "video";
  /** Ticks, from an origin of the publisher's; `pts` is not before `dts`. */
  readonly dts: number;
  readonly pts: number;
  /** Decoding can begin here. */
  readonly isKey: boolean;
  readonly bytes: Buffer;
}

/** One access unit of sound, without a header of its own. */
export interface AudioFrame {
  readonly kind: "audio";
  /** Ticks, on the clock of the pictures. */
  readonly pts: number;
  /** Samples per channel that it holds. */
  readonly samples: number;
  readonly bytes: Buffer;
}

export type Frame = VideoFrame | AudioFrame;
