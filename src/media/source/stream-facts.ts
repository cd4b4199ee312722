import type { ChapterFacts } from "./chapters.ts";

/** One stream as FFmpeg describes it, whichever of its programs was asked. */
export interface StreamFacts {
  readonly index: number;
  readonly type: "video" | "audio" | "subtitle" | "other";
  readonly codec: string;
  readonly profile?: string | undefined;
  /** A single picture beside the film, such as a cover. */
  readonly isAttachedPicture: boolean;
  /** A picture that belongs to another one: thumbnails over time, the second view of a stereoscopic film. */
  readonly isSecondary: boolean;
  readonly isDefault: boolean;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat?: string | undefined;
  /** Sample (pixel) aspect ratio, 1 when unknown. */
  readonly sar: number;
  readonly fps: number;
  /** Counter-clockwise degrees, as FFmpeg says it; `undefined` without a display matrix. */
  readonly matrixRotation?: number | undefined;
  readonly fieldOrder: FieldOrder;
  readonly transfer?: string | undefined;
  readonly primaries?: string | undefined;
  readonly matrix?: string | undefined;
  /** True if its numbers go from 0 to 255 instead of 16 to 235. */
  readonly isFullRange: boolean;
  readonly channels: number;
  readonly sampleRate: number;
  /** As the file writes it, such as `eng`. */
  readonly language?: string | undefined;
  readonly title?: string | undefined;
}

export type FieldOrder = "progressive" | "tt" | "bb" | "tb" | "bt" | "unknown";

export const streamType = (name: string | undefined): StreamFacts["type"] =>
  name === "video" || name === "audio" || name === "subtitle" ? name : "other";

export interface FileFacts {
  readonly streams: readonly StreamFacts[];
  readonly chapters: readonly ChapterFacts[];
  /** The duration that the header claims, in seconds; a hint on where to look, never an answer. */
  readonly claimedSeconds: number | undefined;
}

/** `30/1`, `16:15`, `29.97`; `undefined` for what is not a positive number. */
export function ratio(text: string | undefined): number | undefined {
  const [above = "", below = "1"] = text?.split(/[:/]/) ?? [];
  const value = Number(above) / Number(below);
  return above !== "" && Number.isFinite(value) && value > 0 ? value : undefined;
}
