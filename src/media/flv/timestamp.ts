const wrapMs = 2 ** 32;
/** A thousand years; ticks of it are still whole numbers. */
const timeMsMax = 2 ** 45;

/**
 * The time that a timestamp of 32 bits means: of all times with these bits, the nearest to `previousMs`, the time before
 * it in the same stream. It is between 0 and 2^45 ms. A jump of less than 24 days in either direction stays as it is.
 */
export function unwrapTimestamp(previousMs: number | undefined, timestampMs: number): number {
  if (previousMs === undefined) return timestampMs;
  const forward = (((timestampMs - previousMs) % wrapMs) + wrapMs) % wrapMs;
  const step = forward < wrapMs / 2 ? forward : forward - wrapMs;
  return Math.min(timeMsMax, Math.max(0, previousMs + step));
}
