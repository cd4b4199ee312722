import { analyse } from "../analysis/analyser.ts";
import { stemOf } from "../analysis/english.ts";
import type { Segment } from "../segment/segment.ts";
import { termOf } from "../segment/terms.ts";
import { documentsWith, spelledLike } from "./parts.ts";

/** A query with other words in place of those that no document has. */
export interface Correction {
  readonly text: string;
  /** Offsets in the corrected text. */
  readonly changes: readonly (readonly [from: number, to: number])[];
}

const wordsMax = 16;
const queryUnitsMax = 200;

/**
 * Replaces each word without a document by the nearest one that has some, the most frequent of several; undefined where
 * there is nothing to replace. Words come from documents of these kinds alone: private ones betray nothing.
 */
export function correctionOf(
  segments: readonly Segment[],
  query: string,
  kinds: readonly number[] | undefined,
): Correction | undefined {
  const words = analyse(query.slice(0, queryUnitsMax)).filter(({ kind }) => kind === "surface");
  const changes: [number, number][] = [];
  let [text, from] = ["", 0];
  for (const { term, from: start, to } of words.slice(0, wordsMax)) {
    if (documentsWith(segments, termOf("word", stemOf(term)), kinds) > 0) continue;
    const [best] = spelledLike(segments, term, kinds);
    if (!best) continue;
    text += query.slice(from, start);
    changes.push([text.length, text.length + best.word.length]);
    text += best.word;
    from = to;
  }
  return changes.length === 0 ? undefined : { text: text + query.slice(from), changes };
}
