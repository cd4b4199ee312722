import { stemOf } from "../analysis/english.ts";
import type { Segment } from "../segment/segment.ts";
import { termOf } from "../segment/terms.ts";
import type { ScoreSettings } from "../settings.ts";
import type { Part } from "./matches.ts";
import type { Concept, Phrase } from "./parser.ts";
import { farther, nearest } from "./spelling.ts";

/** A shorter beginning is in too many words to mean one. */
const prefixLettersMin = 2;
/** Words of a segment with a beginning that are looked at. */
const prefixScanMax = 4_096;

export interface WordCount {
  readonly word: string;
  /** Documents that have it. */
  readonly documents: number;
}

/** Words that are the same number of changes away from one of a query: the most frequent first. */
export interface SpelledLike {
  readonly distance: number;
  readonly words: readonly WordCount[];
}

/** Words that are searched together with one of a query. */
export interface OtherWords {
  /** Those that begin like it. */
  readonly begun: readonly string[];
  readonly alike: { readonly distance: number; readonly words: readonly string[] };
}
export const noOtherWords: OtherWords = { begun: [], alike: { distance: 1, words: [] } };

const single = (term: string): Phrase => ({ terms: [{ term, at: 0 }] });

/** The ways a concept stands in texts. Pure. */
export function partsOf(concept: Concept, scores: ScoreSettings, { begun, alike }: OtherWords): Part[] {
  if (concept.inNames) return [...concept.inNames];
  const parts: Part[] = [{ phrase: concept.exact, weight: 1 }];
  if (concept.within) parts.push({ phrase: concept.within, weight: scores.gramWeight });
  for (const word of begun) parts.push({ phrase: single(termOf("surface", word)), weight: scores.prefixWeight });
  for (const word of alike.words)
    parts.push({ phrase: single(termOf("word", stemOf(word))), weight: scores.typoWeight / alike.distance });
  return parts;
}

/**
 * Words of documents of these kinds that are one change away from a word, or where there is none, two changes away;
 * undefined where there is none either.
 */
export function spelledLike(
  segments: readonly Segment[],
  word: string,
  kinds: readonly number[] | undefined,
): SpelledLike | undefined {
  for (const [search, distance] of [
    [nearest, 1],
    [farther, 2],
  ] as const) {
    const words = inDocuments(segments, search, word, kinds);
    if (words.length > 0) return { distance, words };
  }
  return undefined;
}

function inDocuments(
  segments: readonly Segment[],
  search: (segment: Segment, word: string) => string[],
  word: string,
  kinds: readonly number[] | undefined,
): WordCount[] {
  const others = new Set(segments.flatMap((segment) => search(segment, word)));
  return [...others]
    .map((other) => ({ word: other, documents: documentsWith(segments, termOf("surface", other), kinds) }))
    .filter(({ documents }) => documents > 0)
    .toSorted(byCount);
}

/** The most frequent first; in the order of their letters where they are in as many documents. */
export const byCount = (a: WordCount, b: WordCount): number => b.documents - a.documents || (a.word < b.word ? -1 : 1);

/** Live documents of these kinds with a term. */
export const documentsWith = (
  segments: readonly Segment[],
  term: string,
  kinds: readonly number[] | undefined,
): number =>
  segments.reduce((sum, segment) => sum + segment.liveFrequency(segment.arrays.dictionary.find(term), kinds), 0);

/** Words with a beginning, without the word that is the beginning itself: the most frequent first. */
export function wordsWithPrefix(segments: readonly Segment[], prefix: string): WordCount[] {
  if (prefix.length < prefixLettersMin) return [];
  const counts = new Map<string, number>();
  for (const { arrays } of segments) {
    const [from, to] = arrays.dictionary.range(termOf("surface", prefix));
    for (let term = from; term < Math.min(to, from + prefixScanMax); term++) {
      const word = arrays.dictionary.term(term).slice(1);
      if (word !== prefix) counts.set(word, (counts.get(word) ?? 0) + (arrays.documentFrequencies[term] ?? 0));
    }
  }
  return [...counts].map(([word, documents]) => ({ word, documents })).toSorted(byCount);
}
