/**
 * The thresholds of a view on the server, whichever comes first; the share has a little over, for lengths that were
 * rounded.
 */
const viewS = 3;
const viewShare = 0.31;

/** A stretch of the video that was played without a break, in seconds. */
export type Range = readonly [from: number, to: number];

/** One viewing so far: the seconds of video that were played, and where the last look at it was. */
export interface Watched {
  seconds: number;
  /** The ranges that were played since the last report. */
  ranges: readonly Range[];
  positionS: number;
  atMs: number;
}

export interface Look {
  positionS: number;
  atMs: number;
  rate: number;
  /** The viewer moved to here; what lies between was not played. */
  isSeek: boolean;
}

/** More than the clock allows was jumped over: timers and clocks of browsers are this exact. */
const slackS = 0.5;

/**
 * Adds what was played since the last look. A move of the position that is a seek, goes back, or is faster than the
 * video plays was not watched. Pure.
 */
export function watchOn({ seconds, ranges, positionS, atMs }: Watched, look: Look): Watched {
  const playedS = look.positionS - positionS;
  const possibleS = ((look.atMs - atMs) / 1000) * look.rate + slackS;
  const isPlayed = !look.isSeek && playedS > 0 && playedS <= possibleS;
  return {
    seconds: seconds + (isPlayed ? playedS : 0),
    ranges: isPlayed ? extendRanges(ranges, [positionS, look.positionS]) : ranges,
    positionS: look.positionS,
    atMs: look.atMs,
  };
}

/** The ranges with one more, which goes on where the last one ends or is another. */
function extendRanges(ranges: readonly Range[], next: Range): readonly Range[] {
  const last = ranges.at(-1);
  return last?.[1] === next[0] ? [...ranges.slice(0, -1), [last[0], next[1]]] : [...ranges, next];
}

/** True if so much makes a view. `durationS` is NaN or 0 while it is not known. Pure. */
export const isView = (watchedS: number, durationS: number): boolean =>
  watchedS >= viewS || (durationS > 0 && watchedS >= viewShare * durationS);
