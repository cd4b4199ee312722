import { isCommonPicture } from "#media/live/renditions/common-picture";
import type { Format, Frame } from "#media/frames/frame";

/** Rates are measured over this many whole seconds. */
const windowSeconds = 10;
/** Key frames further apart make viewers wait, and segments that are cut between them. */
export const keyMsMax = 4_000;
/** A stream without a key frame for this long has none for viewers to begin with. */
const keyMissingMs = 10_000;
/** A publisher that has sent no picture for this long sends none. */
const pictureMsMax = 10_000;
/** A publisher that has sent nothing for this long is silent. */
const silentMs = 3_000;
/** The share of the window's pictures. */
const dropShareMax = 0.02;

interface Second {
  readonly at: number;
  bytes: number;
  pictures: number;
  dropped: number;
}

export type StreamWarning =
  | "keyframes_apart"
  | "keyframes_missing"
  | "picture_not_common"
  | "no_sound"
  | "no_picture"
  | "frames_dropped"
  | "silent";

/** The figures of an incoming stream for its owner, over the last ten seconds. Times are milliseconds of one clock. */
export class StreamMeter {
  #seconds: Second[] = [];
  #formats = new Map<Format["kind"], Format>();
  #keyMs: number | undefined;
  #lastKeyDts: number | undefined;
  /** When the last key frame came, or the publisher. */
  #keyAtMs: number;
  /** When the last picture came, whether it can be shown or not. */
  #anyPictureMs = Number.NEGATIVE_INFINITY;
  #lastMs = 0;
  /** When the last picture came that can be shown. */
  #pictureMs: number;
  readonly #beganMs: number;

  constructor(nowMs: number) {
    this.#beganMs = this.#pictureMs = this.#keyAtMs = nowMs;
  }

  format(format: Format): void {
    this.#formats.set(format.kind, format);
  }

  /** `dropped`: frames that nothing could be made of since the one before. */
  frame(frame: Frame, nowMs: number, dropped: number): void {
    this.#lastMs = nowMs;
    const second = this.#second(nowMs);
    second.bytes += frame.bytes.length;
    second.dropped += dropped;
    if (frame.kind !== "video") return;
    second.pictures += 1;
    this.#anyPictureMs = nowMs;
    if (frame.isKey || this.#lastKeyDts !== undefined) this.#pictureMs = nowMs;
    if (!frame.isKey) return;
    this.#keyAtMs = nowMs;
    const { dts } = frame;
    if (this.#lastKeyDts !== undefined && dts > this.#lastKeyDts)
      this.#keyMs = Math.round((dts - this.#lastKeyDts) / 90);
    this.#lastKeyDts = dts;
  }

  /** Bits a second over the window, or over so much of it as has passed; 0 within the first second. */
  bitrateBps(nowMs: number): number {
    return Math.round(this.#rate(nowMs, ({ bytes }) => bytes * 8));
  }

  /** True if the rate of a whole window exceeds this limit. */
  isOver(limitBps: number, nowMs: number): boolean {
    return nowMs - this.#beganMs >= windowSeconds * 1_000 && this.bitrateBps(nowMs) > limitBps;
  }

  facts(nowMs: number) {
    const sizes = { video: this.#formats.get("video"), audio: this.#formats.get("audio") };
    const { video, audio } = sizes;
    return {
      bitrateBps: this.bitrateBps(nowMs),
      framesPerSecond: Math.round(this.#rate(nowMs, ({ pictures }) => pictures) * 10) / 10,
      keyframeMs: this.#keyMs ?? null,
      droppedFrames: this.#sum(nowMs, ({ dropped }) => dropped),
      video: video?.kind === "video" ? { codec: video.codec, width: video.width, height: video.height } : null,
      audio:
        audio?.kind === "audio" ? { codec: audio.codec, sampleRate: audio.sampleRate, channels: audio.channels } : null,
      warnings: this.#warnings(nowMs),
    };
  }

  #warnings(nowMs: number): StreamWarning[] {
    const video = this.#formats.get("video");
    const isKeyMissing =
      video !== undefined && nowMs - this.#anyPictureMs < silentMs && nowMs - this.#keyAtMs > keyMissingMs;
    const all: readonly (readonly [StreamWarning, boolean])[] = [
      ["silent", nowMs - this.#lastMs > silentMs],
      ["no_picture", !isKeyMissing && (video === undefined || nowMs - this.#pictureMs > pictureMsMax)],
      ["picture_not_common", video?.kind === "video" && !isCommonPicture(video)],
      ["no_sound", !this.#formats.has("audio")],
      ["keyframes_missing", isKeyMissing],
      ["keyframes_apart", !isKeyMissing && (this.#keyMs ?? 0) > keyMsMax],
      [
        "frames_dropped",
        this.#sum(nowMs, ({ dropped }) => dropped) > dropShareMax * this.#sum(nowMs, ({ pictures }) => pictures),
      ],
    ];
    // Within its first seconds nothing is missing yet.
    return nowMs - this.#beganMs < 3_000 ? [] : all.flatMap(([warning, isSo]) => (isSo ? [warning] : []));
  }

  #second(nowMs: number): Second {
    const at = Math.floor(nowMs / 1_000);
    const last = this.#seconds.at(-1);
    if (last?.at === at) return last;
    const second = { at, bytes: 0, pictures: 0, dropped: 0 };
    this.#seconds = [...this.#seconds.filter((earlier) => earlier.at >= at - windowSeconds), second];
    return second;
  }

  /** Sums over whole seconds: a second that has just begun says little. */
  #sum(nowMs: number, of: (second: Second) => number): number {
    const now = Math.floor(nowMs / 1_000);
    return this.#seconds.reduce(
      (sum, second) => (second.at < now && second.at >= now - windowSeconds ? sum + of(second) : sum),
      0,
    );
  }

  #rate(nowMs: number, of: (second: Second) => number): number {
    const passed = Math.floor(nowMs / 1_000) - Math.floor(this.#beganMs / 1_000);
    return passed < 1 ? 0 : this.#sum(nowMs, of) / Math.min(windowSeconds, passed);
  }
}
