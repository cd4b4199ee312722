import { analyse, type Token } from "../analysis/analyser.ts";
import { stemOf } from "../analysis/english.ts";
import type { Segment } from "../segment/segment.ts";
import { termOf } from "../segment/terms.ts";
import { alikeOf } from "./plan.ts";
import { documentsWith, type SpelledLike, spelledLike } from "./words.ts";

/** A query with other words in place of those that no document has. */
export interface Correction {
  readonly text: string;
  /** Offsets in the corrected text. */
  readonly changes: readonly (readonly [from: number, to: number])[];
}

/** What an index knows of a word of a query. */
interface Spelling {
  /** How many documents have it. */
  readonly documents: number;
  /** Words that are spelled like it, where no document has it and there are any. */
  readonly alike?: SpelledLike | undefined;
}

const wordsMax = 16;
const queryUnitsMax = 200;
/** Words that are spelled alike, of which the one in most documents of all shards is one. */
const alikeMax = 64;

/** The words of a query that may be spelled wrongly. Pure. */
export const spelledWords = (query: string): Token[] =>
  analyse(query.slice(0, queryUnitsMax))
    .filter(({ kind }) => kind === "surface")
    .slice(0, wordsMax);

/** What segments know of each of the words of a query. Words come from documents of these kinds alone: private ones betray nothing. */
export const spellingsOf = (
  segments: readonly Segment[],
  query: string,
  kinds: readonly number[] | undefined,
): Spelling[] =>
  spelledWords(query).map(({ term }) => {
    const documents = documentsWith(segments, termOf("word", stemOf(term)), kinds);
    const alike = documents > 0 ? undefined : spelledLike(segments, term, kinds);
    return { documents, ...(alike && { alike: { ...alike, words: alike.words.slice(0, alikeMax) } }) };
  });

/**
 * Replaces each word without a document by the nearest one that has some, the most frequent of several, by what each shard
 * knows of the words; undefined where there is nothing to replace. Pure.
 */
export const correctionOf = (query: string, shards: readonly (readonly Spelling[])[]): Correction | undefined =>
  corrected(query, spelledWords(query), (_, n) => {
    const ofWord = shards.flatMap((spellings) => spellings[n] ?? []);
    if (ofWord.some(({ documents }) => documents > 0)) return undefined;
    return alikeOf(ofWord.flatMap(({ alike }) => alike ?? []))?.words[0]?.word;
  });

/** A query with other words in place of those that have one; undefined where none has. Pure. */
export function corrected(
  query: string,
  words: readonly Token[],
  replacementOf: (word: Token, n: number) => string | undefined,
): Correction | undefined {
  const changes: [number, number][] = [];
  let [text, from] = ["", 0];
  for (const [n, word] of words.entries()) {
    const replacement = replacementOf(word, n);
    if (replacement === undefined) continue;
    text += query.slice(from, word.from);
    changes.push([text.length, text.length + replacement.length]);
    text += replacement;
    from = word.to;
  }
  return changes.length === 0 ? undefined : { text: text + query.slice(from), changes };
}
