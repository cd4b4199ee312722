/** The peaks of a title, 0–255 of full scale; none where a text is something else. Pure. */
export function peaksIn(text: string): number[] {
  try {
    const read: unknown = JSON.parse(text);
    const peaks: unknown = typeof read === "object" && read !== null && "peaks" in read ? read.peaks : [];
    return Array.isArray(peaks) ? peaks.filter((peak) => typeof peak === "number") : [];
  } catch {
    return [];
  }
}

/** At most `count` bars, each the loudest of its stretch, the loudest of all as high as there is room: 0–1. Pure. */
export function barsOf(peaks: readonly number[], count: number): number[] {
  const bars = Math.min(count, peaks.length);
  const loudest = peaks.reduce((most, peak) => Math.max(most, peak), 1);
  return Array.from({ length: bars }, (_, n) => {
    const stretch = peaks.slice(Math.floor((n * peaks.length) / bars), Math.floor(((n + 1) * peaks.length) / bars));
    return stretch.reduce((most, peak) => Math.max(most, peak), 0) / loudest;
  });
}
