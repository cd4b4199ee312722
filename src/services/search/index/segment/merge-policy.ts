import type { Segment } from "./segment.ts";

/** The sizes at which segments are merged. */
export interface MergePolicy {
  /** This many segments of about the same size become one. */
  readonly mergeCount: number;
  /** Segments of up to this many live documents are merged by a refresh, to be done in some milliseconds. */
  readonly refreshMax: number;
}

export const defaultMergePolicy: MergePolicy = { mergeCount: 8, refreshMax: 128 };
/** A segment with a larger share of deleted documents is written anew. */
const deletedShareMax = 0.3;

/**
 * The segments that a refresh merges: small ones of about the same size, or a small one with many deleted documents.
 */
export function smallMerge(segments: readonly Segment[], { mergeCount, refreshMax }: MergePolicy): readonly Segment[] {
  const small = segments.filter(({ liveCount }) => liveCount <= refreshMax);
  const sparse = small.find(isSparse);
  if (sparse) return [sparse];
  return [...Map.groupBy(small, tierOf).values()].find((tier) => tier.length >= mergeCount) ?? [];
}

/**
 * The segments that are merged in the background. Large ones of about the same size are merged together with all
 * smaller ones, as one merge leaves fewer segments than several. A large one with many deleted documents is merged
 * alone.
 */
export function largeMerge(segments: readonly Segment[], { mergeCount, refreshMax }: MergePolicy): readonly Segment[] {
  const large = segments.filter(({ liveCount }) => liveCount > refreshMax);
  const full = [...Map.groupBy(large, tierOf)].flatMap(([tier, { length }]) => (length >= mergeCount ? [tier] : []));
  if (full.length > 0) return segments.filter((segment) => tierOf(segment) <= Math.max(...full));
  return large.filter(isSparse).slice(0, 1);
}

/** One power of eight by their live documents. */
const tierOf = ({ liveCount }: Segment): number => Math.floor(Math.log2(liveCount + 1) / 3);
const isSparse = ({ liveCount, size }: Segment): boolean => size - liveCount > deletedShareMax * size;
