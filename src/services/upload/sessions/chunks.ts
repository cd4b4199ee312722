import type { z } from "zod";
import type { IndexRange } from "../contract.ts";

type Range = z.output<typeof IndexRange>;

const mebibyte = 2 ** 20;
const usualBytes = 5 * mebibyte;
const usualCountMax = 10_000;

/** The size of chunks a file of this size is sent in: 5 MiB, more where there would be too many. Pure. */
export function chunkBytesFor(sizeBytes: number, chunkBytesMax: number): number {
  const leastBytes = Math.ceil(sizeBytes / usualCountMax / mebibyte) * mebibyte;
  return Math.min(Math.max(usualBytes, leastBytes), chunkBytesMax);
}

/** How many chunks a file has; an empty one has none. Pure. */
export const chunkCount = (sizeBytes: number, chunkBytes: number): number => Math.ceil(sizeBytes / chunkBytes);

/** The size of the chunk at `index`, from 0; undefined where there is none. Pure. */
export function bytesAt(index: number, sizeBytes: number, chunkBytes: number): number | undefined {
  const remainingBytes = sizeBytes - index * chunkBytes;
  return index < 0 || remainingBytes <= 0 ? undefined : Math.min(remainingBytes, chunkBytes);
}

/** Ascending indexes as ranges. Pure. */
export function rangesOf(indexes: Iterable<number>): Range[] {
  const ranges: Range[] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last && index === last.last + 1) last.last = index;
    else ranges.push({ first: index, last: index });
  }
  return ranges;
}

/** The numbers of 0 … `count` − 1 that are missing from these ascending indexes. Pure. */
export function missingOf(indexes: readonly number[], count: number): Range[] {
  const missing: Range[] = [];
  let next = 0;
  for (const { first, last } of rangesOf(indexes)) {
    if (first >= count) break;
    if (first > next) missing.push({ first: next, last: first - 1 });
    next = last + 1;
  }
  if (next < count) missing.push({ first: next, last: count - 1 });
  return missing;
}
