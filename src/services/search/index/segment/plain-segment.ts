import type { SegmentArrays } from "./arrays.ts";
import { Dictionary } from "./dictionary.ts";
import { Segment } from "./segment.ts";

/** A segment as threads pass it on. */
export interface PlainSegment {
  readonly arrays: Omit<SegmentArrays, "dictionary">;
  readonly dictionary: Pick<SegmentArrays["dictionary"], "units" | "starts">;
  readonly deleted: Uint8Array;
}

/** With a copy of its deletions: it stays as it is now. */
export function plainSegment({ arrays: { dictionary, ...arrays }, deleted }: Segment): PlainSegment {
  const { units, starts } = dictionary;
  return { arrays, dictionary: { units, starts }, deleted: deleted.slice() };
}

export const segmentFromPlain = ({ arrays, dictionary, deleted }: PlainSegment): Segment =>
  new Segment({ ...arrays, dictionary: new Dictionary(dictionary.units, dictionary.starts) }, deleted);
