/** How much was sent at a moment, by the page's own clock. */
export interface Sample {
  atMs: number;
  loadedBytes: number;
}

export interface Rate {
  /** `null` until enough was seen to say. */
  bytesPerSecond: number | null;
  secondsLeft: number | null;
}

/** Long enough to be calm, short enough to notice that the train entered a tunnel. */
const windowMs = 6000;
const knownAfterMs = 800;

/** The samples worth keeping after one more: those of the window, and one from before it as its start. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const oldest = samples.findLastIndex(({ atMs }) => atMs <= sample.atMs - windowMs);
  return [...samples.slice(Math.max(0, oldest)), sample];
}

/** Speed over the window and the time left at that speed. */
export function rateOf(samples: readonly Sample[], totalBytes: number): Rate {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < knownAfterMs) {
    return { bytesPerSecond: null, secondsLeft: null };
  }
  const bytesPerSecond = ((last.loadedBytes - first.loadedBytes) / (last.atMs - first.atMs)) * 1000;
  if (bytesPerSecond <= 0) return { bytesPerSecond: 0, secondsLeft: null };
  return { bytesPerSecond, secondsLeft: Math.max(0, (totalBytes - last.loadedBytes) / bytesPerSecond) };
}
