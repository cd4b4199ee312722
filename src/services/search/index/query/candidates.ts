import { scopeColumn } from "../document.ts";
import type { Segment } from "../segment/segment.ts";
import { arena } from "./arena.ts";
import { filterOf } from "./filters.ts";
import type { Matches } from "./matches.ts";
import type { SearchQuery } from "./query.ts";

/** Documents of one segment with a score each; `present` counts the required concepts that a document has. */
export interface Candidates {
  readonly documents: Int32Array;
  readonly scores: Float64Array;
  readonly present: Uint8Array;
  readonly wholeCount: number;
}

export interface Scored {
  readonly isRequired: boolean;
  readonly matches: Matches;
  readonly weight: number;
}

/** Sums by document, kept with the segment: allocation would cost more than a search. */
interface Scratch {
  readonly scores: Float64Array;
  readonly present: Uint8Array;
  readonly state: Uint8Array;
  /** The documents that a search came to; the first `count` of them. */
  readonly touched: Int32Array;
}
const [unseen, accepted, rejected] = [0, 1, 2];

function scratchOf(segment: Segment): Scratch {
  const existing = segment.memo.get("scratch") as Scratch | undefined; // Set here alone.
  const scratch = existing ?? {
    scores: new Float64Array(segment.size),
    present: new Uint8Array(segment.size),
    state: new Uint8Array(segment.size),
    touched: new Int32Array(segment.size),
  };
  segment.memo.set("scratch", scratch);
  return scratch;
}

/** The documents of a segment with any of some concepts, that meet the filter. */
export function combineMatches(
  segment: Segment,
  concepts: readonly Scored[],
  { query, k1, required }: { readonly query: SearchQuery; readonly k1: number; readonly required: number },
): Candidates {
  const accepts = filterOf(segment, query.filter);
  const scratch = scratchOf(segment);
  const { scores, present, state, touched } = scratch;
  let count = 0;
  let acceptedCount = 0;
  for (const { matches, weight, isRequired } of concepts) {
    const { documents, frequencies } = matches;
    const presence = isRequired ? 1 : 0;
    for (let n = 0; n < documents.length; n++) {
      const document = documents[n] ?? 0;
      if (state[document] === unseen) {
        const isAccepted = accepts === undefined || accepts(document);
        state[document] = isAccepted ? accepted : rejected;
        if (isAccepted) acceptedCount++;
        touched[count++] = document;
      }
      if (state[document] === rejected) continue;
      const frequency = frequencies[n] ?? 0;
      scores[document] = (scores[document] ?? 0) + (weight * frequency) / (k1 + frequency);
      present[document] = (present[document] ?? 0) + presence;
    }
  }
  return collectCandidates(scratch, { count, acceptedCount, required });
}

/** The accepted candidates; the scratch is empty again. */
function collectCandidates(
  { scores, present, state, touched }: Scratch,
  {
    count,
    acceptedCount,
    required,
  }: { readonly count: number; readonly acceptedCount: number; readonly required: number },
): Candidates {
  const candidates = {
    documents: arena.ints(acceptedCount),
    scores: arena.floats(acceptedCount),
    present: arena.bytes(acceptedCount),
  };
  let [to, wholeCount] = [0, 0];
  for (let n = 0; n < count; n++) {
    const document = touched[n] ?? 0;
    if (state[document] === accepted) {
      candidates.documents[to] = document;
      candidates.scores[to] = scores[document] ?? 0;
      candidates.present[to++] = present[document] ?? 0;
      if (present[document] === required) wholeCount++;
    }
    scores[document] = 0;
    present[document] = 0;
    state[document] = unseen;
  }
  return { ...candidates, wholeCount };
}

/** Every live document of the scope that meets the filter, all with the score 1. */
export function everything(segments: readonly Segment[], { filter, scope, kinds }: SearchQuery): Candidates[] {
  return segments.map((segment) => {
    const accepts = filterOf(segment, filter);
    const scopes = segment.arrays.columns.get(scopeColumn);
    const isInScope = (document: number) => {
      const scopeOfDocument = scopes?.[document] ?? Number.NaN;
      return scope === undefined ? Number.isNaN(scopeOfDocument) : scopeOfDocument === scope;
    };
    const documents = Int32Array.from(
      [...segment.arrays.ids.keys()].filter((document) => {
        if (!segment.isLive(document) || kinds?.includes(segment.arrays.kinds[document] ?? 0) === false) return false;
        if (!isInScope(document)) return false;
        return accepts === undefined || accepts(document);
      }),
    );
    const { length } = documents;
    return {
      documents,
      scores: new Float64Array(length).fill(1),
      present: new Uint8Array(length),
      wholeCount: length,
    };
  });
}
