import type { ListedSegment } from "./listed-segment.ts";
import { isNearly, type StatedRates } from "./stated-rates.ts";

/** Bits a second are of sets of segments that last between these shares of the target duration (§4.4.6.2). */
const setShare = { min: 0.5, max: 1.5 };
const fpsSecondsMin = 1;

/** The greatest rates of a track so far, whatever has left its playlist. They do not fall below what is stated. */
export class TrackRates {
  #peakBps = 0;
  #averageBps = 0;
  #framesPerSecond = 0;

  /** `newest`: segments that follow one another, of which the last has been closed. */
  measure(newest: readonly ListedSegment[], timescale: number, targetMs: number): void {
    const last = newest.at(-1);
    if (last === undefined) return;
    let [bytes, ticks] = [0, 0];
    const bps = (): number => (ticks > 0 ? Math.ceil((bytes * 8 * timescale) / ticks) : 0);
    for (const { sizeBytes, durationTicks } of newest.toReversed()) {
      bytes += sizeBytes;
      ticks += durationTicks;
      const share = (ticks * 1_000) / timescale / targetMs;
      if (share >= setShare.min && share <= setShare.max) this.#peakBps = Math.max(this.#peakBps, bps());
    }
    this.#averageBps = Math.max(this.#averageBps, bps());
    const seconds = last.durationTicks / timescale;
    if (seconds >= fpsSecondsMin) this.#framesPerSecond = Math.max(this.#framesPerSecond, last.frames / seconds);
  }

  of(stated: StatedRates): StatedRates {
    const peakBps = Math.max(stated.peakBps, this.#peakBps);
    return {
      peakBps,
      averageBps: Math.min(peakBps, Math.max(stated.averageBps, this.#averageBps)),
      framesPerSecond: isNearly(this.#framesPerSecond, stated.framesPerSecond)
        ? stated.framesPerSecond
        : this.#framesPerSecond,
    };
  }
}
