/** How much of a step was done, 0–1, and when, on one clock that only grows. */
export interface Heard {
  readonly atMs: number;
  readonly share: number;
}

/** Before this much of a step is done, and for this long, its speed is a matter of chance. */
const knownShareMin = 0.03;
const knownAfterMs = 1_500;
/** Looked back on at the least: films have easy and hard stretches, and machines are busy for moments. */
const windowMsMin = 20_000;
/** Into so many pieces the time is cut; what comes closer together stands for each other. */
const pieces = 64;

/** Since when the speed is that of lately: over the later half, or over everything while that is not long. */
const lately = (first: Heard, last: Heard): number => last.atMs - Math.max(windowMsMin, (last.atMs - first.atMs) / 2);

/**
 * What is kept of everything that was heard of a step, with the latest: the first, and those of lately, about a hundred.
 * Nothing while nothing is done: until the first picture has left the encoders, which look ahead, time is spent that will
 * not be spent again. Pure.
 */
export function remembered(heard: readonly Heard[], latest: Heard): readonly Heard[] {
  if (!(latest.share > 0)) return [];
  const [first = latest] = heard;
  const [before, previous] = heard.slice(-2);
  const isClose = before && previous && previous.atMs - before.atMs < (latest.atMs - first.atMs) / pieces;
  const apart = isClose ? heard.slice(0, -1) : heard;
  const since = apart.findLastIndex(({ atMs }) => atMs <= lately(first, latest));
  return since > 0 ? [first, ...apart.slice(since), latest] : [...apart, latest];
}

/** How long a whole step takes at the speed it lately had, in milliseconds. Undefined while nobody can know. Pure. */
export function wholeMs(heard: readonly Heard[]): number | undefined {
  const [first] = heard;
  const last = heard.at(-1);
  if (first === undefined || last === undefined || last.share < knownShareMin) return undefined;
  const from = heard.findLast(({ atMs }) => atMs <= lately(first, last)) ?? first;
  const tookMs = last.atMs - from.atMs;
  const done = last.share - from.share;
  return tookMs >= knownAfterMs && done > 0 ? tookMs / done : undefined;
}
