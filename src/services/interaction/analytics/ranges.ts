import { retentionBuckets } from "../contract.ts";

/** Into how many parts each hundredth of a length is divided: retention is counted in whole parts. */
export const partsPerBucket = 1_000;

/** The watched parts of a video, by a report. */
export interface Watched {
  readonly ms: number;
  /** The end of the last range. */
  readonly endMs: number;
  /** The watched parts of each hundredth; undefined where nothing was watched. */
  readonly parts: readonly number[] | undefined;
}

/**
 * The parts of a video that these ranges cover. Overlaps count once, and nothing counts beyond the end. Positions are
 * rounded down to parts, so that adjacent ranges add up to the range they form. A video of unknown length has no parts.
 * Pure.
 */
export function watchedOf(ranges: readonly (readonly number[])[], lengthMs: number): Watched {
  const clamped = ranges.map(([from = 0, to = 0]) => ({ from: Math.min(from, lengthMs), to: Math.min(to, lengthMs) }));
  const endMs = clamped.at(-1)?.to ?? 0;
  const covered = mergeRanges(clamped);
  const ms = covered.reduce((sum, { from, to }) => sum + to - from, 0);
  if (ms === 0) return { ms, endMs, parts: undefined };
  const parts = Array.from({ length: retentionBuckets }, () => 0);
  const partAt = (positionMs: number) => Math.floor((positionMs * retentionBuckets * partsPerBucket) / lengthMs);
  for (const { from, to } of covered) {
    const end = partAt(to);
    for (let at = partAt(from); at < end; ) {
      const bucket = Math.floor(at / partsPerBucket);
      const next = Math.min(end, (bucket + 1) * partsPerBucket);
      parts[bucket] = (parts[bucket] ?? 0) + next - at;
      at = next;
    }
  }
  return { ms, endMs, parts };
}

interface Range {
  readonly from: number;
  readonly to: number;
}
/** The same stretches without overlaps, in order. */
function mergeRanges(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && range.from <= last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else result.push(range);
  }
  return result;
}
