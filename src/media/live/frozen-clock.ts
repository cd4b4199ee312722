import { ticksPerSecond } from "../frames/frame.ts";

const ticksPerMs = ticksPerSecond / 1_000;
/** A connection that brings nothing for this long has stopped itself; later frames keep their times. */
const stallMs = 500;
/** A clock that stops for this long is no hitch. */
export const frozenMs = 1_000;
/** On a line that is too slow a clock goes slower than arrival, and makes up for it later; one that stands still does not. */
export const paceMin = 0.1;

/** Notices that the times of a track stand still while its frames go on to arrive. */
export class FrozenClock {
  /** The latest frame until which the clock went on. */
  #since: { readonly stamp: number; readonly atMs: number } | undefined;
  #last: { readonly stamp: number; readonly atMs: number } | undefined;
  #isFrozen = false;

  /** How many ticks the clock has lost against the arrival of frames, with this one; 0 while it goes. */
  pass(stamp: number, atMs: number): number {
    const [since, last] = [this.#since, this.#last];
    this.#last = { stamp, atMs };
    const goes = (from: { readonly stamp: number; readonly atMs: number }): boolean =>
      stamp - from.stamp >= (atMs - from.atMs) * ticksPerMs * paceMin;
    const isStall = last !== undefined && atMs - last.atMs > stallMs;
    const isBack = last !== undefined && this.#isFrozen && stamp > last.stamp && goes(last);
    if (since === undefined || last === undefined || isStall || isBack || goes(since)) {
      this.#isFrozen = false;
      this.#since = this.#last;
      return 0;
    }
    if (!this.#isFrozen && atMs - since.atMs < frozenMs) return 0;
    const from = this.#isFrozen ? last : since;
    this.#isFrozen = true;
    return Math.max(0, Math.round((atMs - from.atMs) * ticksPerMs - (stamp - from.stamp)));
  }
}
