import { Segment } from "./segment.ts";

/** A merge of segments that are still searched and still lose documents. */
export class PendingMerge {
  /** The segments that searches use during the merge. */
  readonly originals: readonly Segment[];
  /** The same segments as they were when the merge began: the input of the merge. */
  readonly segments: readonly Segment[];

  constructor(originals: readonly Segment[]) {
    this.originals = originals;
    this.segments = originals.map(({ arrays, deleted }) => new Segment(arrays, deleted.slice()));
  }

  /** Deletes from the merged segment what its originals lost since. A key is live in at most one of them. */
  catchUp(merged: Segment): void {
    for (const [n, before] of this.segments.entries()) {
      const now = this.originals[n];
      if (!now || now.liveCount === before.liveCount) continue;
      const { kinds, ids } = before.arrays;
      for (let document = 0; document < before.size; document++)
        if (before.isLive(document) && !now.isLive(document)) {
          const place = merged.find(kinds[document] ?? 0, ids[document] ?? 0);
          if (place >= 0) merged.delete(place);
        }
    }
  }
}
