import type { VideoFrame } from "../frames/frame.ts";
import type { PartCutter } from "./part-cutter.ts";

/** A boundary that the sound follows: of a part, or with `msn` of a segment that begins. 90 kHz ticks. */
export interface Boundary {
  readonly ticks: number;
  readonly msn?: number;
}

export interface PictureLaneOptions {
  readonly segmentTicksMin: number;
  readonly segmentTicksMax: number;
  /** Lasting time of a picture that none follows. */
  readonly usualTicks: number;
  /** Opens a segment of the stream and answers its number. */
  readonly openSegment: (startTicks: number, isIndependent: boolean) => number;
  readonly onBoundary: (boundary: Boundary) => void;
}

/** Pictures with output times. Each lasts until the next one, so the newest is held back. */
export class PictureLane {
  readonly #cutter: PartCutter;
  readonly #options: PictureLaneOptions;
  #pending: VideoFrame | undefined;
  #usualTicks: number;
  #isOpen = false;
  #isIndependent = false;
  #segmentTicks = 0;
  /** The end of the latest picture that is laid down. */
  #endTicks = 0;

  constructor(cutter: PartCutter, options: PictureLaneOptions) {
    this.#cutter = cutter;
    this.#options = options;
    this.#usualTicks = options.usualTicks;
  }

  get endTicks(): number {
    return this.#endTicks;
  }

  push(frame: VideoFrame): void {
    const pending = this.#pending;
    // A publisher whose decode times stand still loses a tick, not a picture that others refer to.
    const dts = pending === undefined ? frame.dts : Math.max(frame.dts, pending.dts + 1);
    if (pending !== undefined) this.#lay(pending, dts - pending.dts, { dts, isKey: frame.isKey });
    const isDue = this.#segmentTicks >= this.#options.segmentTicksMin || !this.#isIndependent;
    if (!this.#isOpen || (frame.isKey && isDue)) this.#begin(dts, frame.isKey);
    this.#pending = { ...frame, dts, pts: Math.max(frame.pts, dts) };
  }

  /** Lays down the picture that is held back and closes the segment. */
  flush(): void {
    if (this.#pending !== undefined) this.#lay(this.#pending, this.#usualTicks);
    this.#pending = undefined;
    if (this.#isOpen) this.#cutter.close();
    this.#isOpen = false;
    this.#segmentTicks = 0;
  }

  /** `next`: the picture behind it, where there is one. */
  #lay(frame: VideoFrame, durationTicks: number, next?: Pick<VideoFrame, "dts" | "isKey">): void {
    const { segmentTicksMax } = this.#options;
    // A picture group that is too long is cut between key frames: a segment never exceeds what the playlist states.
    if (this.#segmentTicks > 0 && this.#segmentTicks + durationTicks > segmentTicksMax)
      this.#begin(frame.dts, frame.isKey);
    else if (!this.#cutter.fits(durationTicks)) this.#cutPart(frame.dts);
    const { dts, pts, isKey, bytes } = frame;
    this.#cutter.add({ durationTicks, compositionTicks: pts - dts, isKey, bytes }, dts);
    this.#segmentTicks += durationTicks;
    this.#endTicks = dts + durationTicks;
    this.#usualTicks = durationTicks;
    // The next picture would most likely not fit: the part does not wait for it.
    if (!this.#cutter.fits(durationTicks)) this.#cutPart(this.#endTicks);
    // Nor would it fit the segment: what players expect is the first part of another.
    if (next !== undefined && this.#segmentTicks + durationTicks > segmentTicksMax) this.#begin(next.dts, next.isKey);
  }

  #cutPart(ticks: number): void {
    this.#cutter.cut();
    this.#options.onBoundary({ ticks });
  }

  #begin(ticks: number, isKey: boolean): void {
    if (this.#isOpen) this.#cutter.close();
    const msn = this.#options.openSegment(ticks, isKey);
    this.#cutter.open(msn);
    this.#options.onBoundary({ ticks, msn });
    this.#isOpen = true;
    this.#isIndependent = isKey;
    this.#segmentTicks = 0;
  }
}
