import type { Dictionary } from "./dictionary.ts";

/** The arrays of a segment. Nothing of them changes. */
export interface SegmentArrays {
  /** By document. Documents are in the order of their kinds, then of their ids. */
  readonly kinds: Uint8Array;
  readonly ids: Float64Array;
  readonly versions: Float64Array;
  /** Counted words by field and document, at `field · documents + document`; never above 65,535. */
  readonly lengths: Uint16Array;
  /** NaN where a document has no such number. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly dictionary: Dictionary;
  /** Documents of each term, deleted ones with them. */
  readonly documentFrequencies: Uint32Array;
  /** The bytes of term `n` are from `postingStarts[n]` to `postingStarts[n + 1]`: see `postings.ts`. */
  readonly postingStarts: Uint32Array;
  readonly postings: Uint8Array;
  readonly positionStarts: Uint32Array;
  readonly positions: Uint8Array;
}
