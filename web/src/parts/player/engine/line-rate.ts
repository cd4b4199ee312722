/**
 * A response that was fetched over the network: times in ms, size in bytes, as the browser's resource timing has them.
 */
export interface Fetched {
  readonly responseStart: number;
  readonly responseEnd: number;
  readonly encodedBodySize: number;
  /** 0 when it came from a cache. */
  readonly transferSize: number;
}

/** Less says more about latency than about the line. */
const bytesMin = 100_000;
const rateUsual = 3_000_000;
const rateMin = 300_000;
/** A page that came fast says little about how long that lasts. */
const rateMax = 6_000_000;

/**
 * Bits per second that the line carried while the page loaded: what was fetched, by the time in which anything was. An
 * ordinary line where little was fetched. The first segment of a video is chosen by it. Pure.
 */
export function lineRate(fetched: readonly Fetched[]): number {
  const all = fetched.filter(({ transferSize }) => transferSize > 0);
  const bytes = all.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  if (bytes < bytesMin) return rateUsual;
  let ms = 0;
  let endMs = 0;
  for (const { responseStart, responseEnd } of all.toSorted((a, b) => a.responseStart - b.responseStart)) {
    ms += Math.max(0, responseEnd - Math.max(responseStart, endMs));
    endMs = Math.max(endMs, responseEnd);
  }
  return Math.min(rateMax, Math.max(rateMin, (8_000 * bytes) / Math.max(ms, 1)));
}

/** The rate of the line this page came over. */
export const lineRateOfPage = (): number =>
  lineRate(performance.getEntriesByType("resource").filter((entry) => entry instanceof PerformanceResourceTiming));
