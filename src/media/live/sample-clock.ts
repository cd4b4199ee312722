import { ticksPerSecond } from "../frames/frame.ts";

/** Timestamps of access units are rounded; a clock that counts samples is followed until it is this far off. */
const driftMs = 50;

/**
 * The start of a unit of this output time, in samples at `rate`: the end of the unit before (`running`), unless the
 * time is too far behind that.
 */
export function startOf(ticks: number, running: number | undefined, rate: number): number {
  const stated = Math.round((ticks * rate) / ticksPerSecond);
  return running === undefined || stated - running > driftSamples(rate) ? stated : running;
}

/** True if a unit that would begin here lies, by its time, in the units before it. */
export const isOverlap = (start: number, ticks: number, rate: number): boolean =>
  start - (ticks * rate) / ticksPerSecond > driftSamples(rate);

const driftSamples = (rate: number): number => (rate * driftMs) / 1_000;
