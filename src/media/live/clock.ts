import { type Frame, ticksPerSecond } from "./frame.ts";

const ticksPerMs = ticksPerSecond / 1_000;
const aheadTicksMax = 3 * ticksPerSecond;
const backTicksMax = ticksPerSecond;

/**
 * The clock of a stream's output: it begins at 0 and goes on when the publisher's clock begins anew. Pictures and sound
 * move by the same offset, so they stay together.
 */
export class OutputClock {
  #offset: number | undefined;
  #video: number | undefined;
  #audio: number | undefined;
  /** The latest output time of a frame, and when it came. */
  #last: { readonly ticks: number; readonly atMs: number } | undefined;

  /** Whether a frame's time belongs to another clock than that of the frames before it. */
  isJump(frame: Frame): boolean {
    if (frame.kind === "video") return isFar(frame.dts, this.#video);
    // Sound that was mute for a while goes on beside the pictures.
    return isFar(frame.pts, this.#audio) && (this.#video === undefined || isFar(frame.pts, this.#video));
  }

  /**
   * From here on `ticks` of the publisher is the output time that follows from the wall-clock time since the last frame,
   * but not before `earliestTicks`. Answers that time.
   */
  anchor(ticks: number, nowMs: number, earliestTicks: number): number {
    const last = this.#last;
    const passedTicks = last === undefined ? 0 : Math.max(0, Math.round((nowMs - last.atMs) * ticksPerMs));
    const start = Math.max(earliestTicks, last === undefined ? 0 : last.ticks + passedTicks);
    this.#offset = start - ticks;
    this.#video = this.#audio = undefined;
    return start;
  }

  /** Notes a frame and answers its decode time in the output. */
  pass(frame: Frame, nowMs: number): number {
    const at = frame.kind === "video" ? frame.dts : frame.pts;
    if (frame.kind === "video") this.#video = at;
    else this.#audio = at;
    const ticks = at + (this.#offset ?? 0);
    if (this.#last === undefined || ticks >= this.#last.ticks) this.#last = { ticks, atMs: nowMs };
    return ticks;
  }
}

const isFar = (at: number, last: number | undefined): boolean =>
  last !== undefined && (at - last > aheadTicksMax || last - at > backTicksMax);
