/** The share of a step that was done, 0–1, at a time of one monotonic clock. */
export interface Sample {
  readonly atMs: number;
  readonly share: number;
}

/** Before this share of a step is done, and for this long, its speed varies too much. */
const knownShareMin = 0.03;
const knownAfterMs = 1_500;
/** The shortest window: parts of films differ in effort, and machines are busy for short times. */
const windowMsMin = 20_000;
/** Time is cut into this many pieces; of samples within one piece only the latest stays. */
const pieces = 64;

/** The begin of the window: of the later half, or of everything while that is short. */
const windowStart = (first: Sample, last: Sample): number =>
  last.atMs - Math.max(windowMsMin, (last.atMs - first.atMs) / 2);

/**
 * The samples of a step with the latest: the first one and those of the window, about a hundred. None while nothing is
 * done: the time until encoders, which look ahead, yield their first picture is spent only once. Pure.
 */
export function addSample(samples: readonly Sample[], latest: Sample): readonly Sample[] {
  if (!(latest.share > 0)) return [];
  const [first = latest] = samples;
  const [before, previous] = samples.slice(-2);
  const isClose = before && previous && previous.atMs - before.atMs < (latest.atMs - first.atMs) / pieces;
  const apart = isClose ? samples.slice(0, -1) : samples;
  const since = apart.findLastIndex(({ atMs }) => atMs <= windowStart(first, latest));
  return since > 0 ? [first, ...apart.slice(since), latest] : [...apart, latest];
}

/** How long a whole step takes at its recent speed, in milliseconds; undefined while that is unknown. Pure. */
export function stepDurationMs(samples: readonly Sample[]): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.share < knownShareMin) return undefined;
  const from = samples.findLast(({ atMs }) => atMs <= windowStart(first, last)) ?? first;
  const tookMs = last.atMs - from.atMs;
  const done = last.share - from.share;
  return tookMs >= knownAfterMs && done > 0 ? tookMs / done : undefined;
}
