import type { ArrivedFrame } from "./clock.ts";
import { frozenMs, paceMin } from "./frozen-clock.ts";
import { type AudioFormat, type Format, type Frame, ticksPerSecond, type VideoFormat } from "../frames/frame.ts";

/** The first formats and frames of a stream. */
interface Release {
  readonly formats: { readonly video: VideoFormat | undefined; readonly audio: AudioFormat | undefined };
  readonly frames: readonly ArrivedFrame[];
  /** The longest a part may be, of a stream with these frames. */
  readonly partTicks: number;
  /** Between two pictures. */
  readonly usualTicks: number;
}

/** A publisher that has stated one format is given this long for the other. */
const otherFormatTicks = ticksPerSecond;
/** Sound begins without pictures that are stated but do not arrive within this time. */
const picturesTicksMax = 10 * ticksPerSecond;
/** Timestamps in milliseconds are this far off their frames, at both ends. */
const roundingTicks = 180;
/** All parts but the last of a segment have at least this much of the target (draft-pantos-hls-rfc8216bis §4.4.4.9). */
const partShareMin = 0.85;
/**
 * The duration of a unit of AAC at 48 kHz. Opus is encoded to AAC of that rate as well, with units cut where those of
 * the source are.
 */
const aacUnitTicks = (1_024 * ticksPerSecond) / 48_000;
/** Seconds of frames: a publisher that never sends a key frame is not held whole. */
const framesMax = 3_000;

/** Holds the frames of a publisher until a segment can begin: formats, a key frame, and the time between its frames. */
export class StartGate {
  readonly #partTicks: number;
  #video: VideoFormat | undefined;
  #audio: AudioFormat | undefined;
  #frames: ArrivedFrame[] = [];
  #hasKey = false;
  readonly #spans: Record<Frame["kind"], Span> = { video: new Span(), audio: new Span() };
  #dropped = 0;

  constructor(partTicks: number) {
    this.#partTicks = partTicks;
  }

  get dropped(): number {
    return this.#dropped;
  }

  format(format: Format): void {
    if (format.kind === "video") this.#video = format;
    else this.#audio = format;
  }

  /** Formats and frames of a publisher who is gone. */
  forget(): void {
    this.#video = this.#audio = undefined;
    this.#dropped += this.#frames.length;
    this.#clear();
  }

  #clear(): void {
    this.#frames = [];
    this.#hasKey = false;
    this.#spans.video = new Span();
    this.#spans.audio = new Span();
  }

  push(frame: Frame, atMs: number): void {
    const isUseless = frame.kind === "video" && !this.#hasKey && !(frame.isKey && this.#video !== undefined);
    if (isUseless) {
      this.#dropped++;
      return;
    }
    this.#frames.push({ frame, atMs });
    this.#hasKey ||= frame.kind === "video";
    this.#spans[frame.kind].add(frame.kind === "video" ? frame.dts : frame.pts, atMs);
    if (this.#frames.length > framesMax) {
      this.#frames.shift();
      this.#dropped++;
    }
  }

  /** Pictures are stated, also where a stream has begun without them. */
  get hasVideo(): boolean {
    return this.#video !== undefined;
  }

  /** True if there is anything to begin a segment with, however little. */
  get canBegin(): boolean {
    return this.#video === undefined || this.#lacksPictures
      ? this.#audio !== undefined && this.#frames.length > 0
      : this.#hasKey;
  }

  get #lacksPictures(): boolean {
    return !this.#hasKey && this.#spans.audio.ticks >= picturesTicksMax;
  }

  /** `isFirst`: the length of parts is not decided yet, and needs a part's worth of frames. */
  isReady(isFirst: boolean): boolean {
    if (!this.canBegin) return false;
    if (this.#lacksPictures) return true;
    if (this.#video === undefined || this.#audio === undefined)
      return Math.max(this.#spans.video.ticks, this.#spans.audio.ticks) >= otherFormatTicks;
    return !isFirst || this.#spans.video.ticks >= this.#partTicks;
  }

  release(): Release {
    const frames = this.#frames;
    const formats = { video: this.#lacksPictures ? undefined : this.#video, audio: this.#audio };
    const pictures = frames.filter(({ frame }) => frame.kind === "video").length;
    const usualTicks = pictures > 1 ? this.#spans.video.ticks / (pictures - 1) : ticksPerSecond / 30;
    const unit = frames.find(({ frame }) => frame.kind === "audio")?.frame;
    const unitTicks =
      unit?.kind === "audio" && this.#audio !== undefined
        ? (unit.samples * ticksPerSecond) / this.#audio.sampleRate
        : 0;
    const isSoundAlone = formats.video === undefined;
    const frameTicks = isSoundAlone ? unitTicks || ticksPerSecond / 50 : usualTicks || 1;
    const unitsTicks = isSoundAlone ? [0] : [unitTicks, ...(this.#audio?.codec === "opus" ? [aacUnitTicks] : [])];
    const partTicks = Math.max(...unitsTicks.map((ticks) => partTicksOf(this.#partTicks, frameTicks, ticks)));
    this.#clear();
    return {
      formats,
      frames,
      partTicks,
      usualTicks: Math.max(1, Math.round(usualTicks)),
    };
  }
}

/** From the earliest to the latest of some times; by their arrival where the publisher's clock stands still. */
class Span {
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #firstMs: number | undefined;
  #arrivedMs = 0;

  add(at: number, atMs: number): void {
    this.#from = Math.min(this.#from, at);
    this.#to = Math.max(this.#to, at);
    this.#firstMs ??= atMs;
    this.#arrivedMs = atMs - this.#firstMs;
  }

  get ticks(): number {
    const ticks = Math.max(0, this.#to - this.#from);
    const arrivedTicks = (this.#arrivedMs * ticksPerSecond) / 1_000;
    const isFrozen = this.#arrivedMs >= frozenMs && ticks < arrivedTicks * paceMin;
    return isFrozen ? arrivedTicks : ticks;
  }
}

/**
 * The length that parts of whole frames do not exceed, near the one asked for, and of which they have 85 %. Sound is cut
 * where the pictures are, so it needs room for a unit that has begun before.
 */
export function partTicksOf(askedTicks: number, frameTicks: number, unitTicks: number): number {
  const fitting = Math.max(1, Math.floor((askedTicks + roundingTicks) / frameTicks));
  const count = fitting * frameTicks < askedTicks * partShareMin ? fitting + 1 : fitting;
  const pictures = Math.ceil(count * frameTicks);
  const units = unitTicks > 0 ? Math.ceil((pictures - roundingTicks) / unitTicks) : 0;
  return Math.max(pictures + roundingTicks, Math.ceil(units * unitTicks));
}
