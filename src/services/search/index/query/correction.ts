import { analyse, type Token } from "../analysis/analyser.ts";
import { stemOf } from "../analysis/english.ts";
import type { Segment } from "../segment/segment.ts";
import { termOf } from "../segment/terms.ts";
import { documentsWith, neighboursOf } from "./words.ts";

/** A query with other words in place of those that no document has. */
export interface Correction {
  readonly text: string;
  /** Offsets in the corrected text. */
  readonly changes: readonly (readonly [from: number, to: number])[];
}

const wordsMax = 16;
const queryUnitsMax = 200;
/** The words of a query that may be spelled wrongly. Pure. */
export const spelledWords = (query: string): Token[] =>
  analyse(query.slice(0, queryUnitsMax))
    .filter(({ kind }) => kind === "surface")
    .slice(0, wordsMax);

/**
 * Replaces each word without a document by the nearest one that has some, the most frequent of several; undefined where there
 * is nothing to replace. Words come from documents of these kinds alone: private ones betray nothing.
 */
export const correctionOf = (
  segments: readonly Segment[],
  query: string,
  kinds: readonly number[] | undefined,
): Correction | undefined =>
  correctQuery(query, spelledWords(query), ({ term }) =>
    documentsWith(segments, termOf("word", stemOf(term)), kinds) > 0
      ? undefined
      : neighboursOf(segments, term, kinds)?.words[0],
  );

/** A query with other words in place of those that have one; undefined where none has. Pure. */
export function correctQuery(
  query: string,
  words: readonly Token[],
  replacementOf: (word: Token) => string | undefined,
): Correction | undefined {
  const changes: [number, number][] = [];
  let [text, from] = ["", 0];
  for (const word of words) {
    const replacement = replacementOf(word);
    if (replacement === undefined) continue;
    text += query.slice(from, word.from);
    changes.push([text.length, text.length + replacement.length]);
    text += replacement;
    from = word.to;
  }
  return changes.length === 0 ? undefined : { text: text + query.slice(from), changes };
}
