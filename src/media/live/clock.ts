import { FrozenClock } from "./frozen-clock.ts";
import { type Frame, ticksPerSecond } from "../frames/frame.ts";

const ticksPerMs = ticksPerSecond / 1_000;
const aheadTicksMax = 3 * ticksPerSecond;
const backTicksMax = ticksPerSecond;
/** Interleaved frames of one clock arrive closer together; frames further apart have two clocks. */
export const apartTicksMax = 1.5 * ticksPerSecond;

export interface ArrivedFrame {
  readonly frame: Frame;
  /** Milliseconds of a clock that never goes back. */
  readonly atMs: number;
}

interface TrackClock {
  /** From times of the publisher to those of the output; undefined before its first frame. */
  offset: number | undefined;
  /** The publisher's time of its latest frame. */
  stamp: number | undefined;
  atMs: number;
  readonly frozen: FrozenClock;
}

const stampOf = (frame: Frame): number => (frame.kind === "video" ? frame.dts : frame.pts);
const newTrack = (): TrackClock => ({ offset: undefined, stamp: undefined, atMs: 0, frozen: new FrozenClock() });

/**
 * The clock of a stream's output: it begins at 0 and goes on when the publisher's clock begins anew. Pictures and sound move
 * by the same offset, so they stay together, unless their arrival shows that their clocks have nothing in common.
 */
export class OutputClock {
  #tracks = { video: newTrack(), audio: newTrack() };
  /** The latest output time of a frame, and when it came. */
  #last: { readonly ticks: number; readonly atMs: number } | undefined;
  #frozenMs = Number.NEGATIVE_INFINITY;

  /** Pictures and sound have clocks of their own, and are in step by their arrival. */
  get isApart(): boolean {
    const { video, audio } = this.#tracks;
    return video.offset !== undefined && audio.offset !== undefined && isApart(video.offset - audio.offset);
  }

  /** When a frame last came whose time stood still; minus infinity where none did. */
  get frozenMs(): number {
    return this.#frozenMs;
  }

  /** True if a frame's time belongs to another clock than that of the frames before it. */
  isJump(frame: Frame): boolean {
    const { video, audio } = this.#tracks;
    if (frame.kind === "video") return isFar(frame.dts, video.stamp);
    if (!isFar(frame.pts, audio.stamp)) return false;
    // Sound that was mute for a while continues at the time of the pictures.
    const onVideo = frame.pts + (audio.offset ?? 0) - (video.offset ?? 0);
    return video.stamp === undefined || isFar(onVideo, video.stamp);
  }

  /**
   * From here on `first` has the output time that follows from the wall-clock time since the last frame, but not before
   * `earliestTicks`. `arrived`: the frames that wait with it, in the order of their arrival.
   */
  anchor(first: ArrivedFrame, arrived: readonly ArrivedFrame[], earliestTicks: number): void {
    const last = this.#last;
    const passedTicks = last === undefined ? 0 : Math.max(0, Math.round((first.atMs - last.atMs) * ticksPerMs));
    const start = Math.max(earliestTicks, last === undefined ? 0 : last.ticks + passedTicks);
    const { kind } = first.frame;
    this.#tracks = { video: newTrack(), audio: newTrack() };
    const offset = start - stampOf(first.frame);
    this.#tracks[kind].offset = offset;
    // Frames that came next to each other show how far the clocks of the two are apart.
    const at = arrived.findIndex(({ frame }, n) => n > 0 && frame.kind !== arrived[n - 1]?.frame.kind);
    const [earlier, later] = [arrived[at - 1], arrived[at]];
    if (earlier === undefined || later === undefined) return;
    const [same, otherKind] = earlier.frame.kind === kind ? [earlier, later] : [later, earlier];
    this.#tracks[otherKind.frame.kind].offset = offset - apart(otherKind, same);
  }

  /** Notes a frame and answers its decode time in the output. */
  pass(frame: Frame, nowMs: number): number {
    const { [frame.kind]: track, [frame.kind === "video" ? "audio" : "video"]: other } = this.#tracks;
    const stamp = stampOf(frame);
    if (track.offset === undefined && other.offset !== undefined && other.stamp !== undefined)
      track.offset = other.offset - apartOf(stamp - other.stamp - (nowMs - other.atMs) * ticksPerMs);
    const lostTicks = track.frozen.pass(stamp, nowMs);
    if (lostTicks > 0) this.#frozenMs = nowMs;
    track.offset = (track.offset ?? 0) + lostTicks;
    track.stamp = stamp;
    track.atMs = nowMs;
    const ticks = stamp + track.offset;
    if (this.#last === undefined || ticks >= this.#last.ticks) this.#last = { ticks, atMs: nowMs };
    return ticks;
  }
}

/** The time by which the clock of one frame is before that of the other, by their arrival; 0 where it is one clock. */
const apart = (frame: ArrivedFrame, otherFrame: ArrivedFrame): number =>
  apartOf(stampOf(frame.frame) - stampOf(otherFrame.frame) - (frame.atMs - otherFrame.atMs) * ticksPerMs);
const apartOf = (ticks: number): number => (isApart(ticks) ? Math.round(ticks) : 0);
const isApart = (ticks: number): boolean => Math.abs(ticks) > apartTicksMax;

const isFar = (at: number, last: number | undefined): boolean =>
  last !== undefined && (at - last > aheadTicksMax || last - at > backTicksMax);
