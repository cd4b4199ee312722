import type { Segment } from "../segment/segment.ts";
import { termOf } from "../segment/terms.ts";
import { stemOf } from "../analysis/english.ts";
import type { ScoreSettings } from "../settings.ts";
import type { Part } from "./matches.ts";
import type { Concept, Phrase } from "./parser.ts";
import { farther, nearest, type Neighbour } from "./spelling.ts";

/** A shorter beginning is in too many words to mean one. */
const prefixLettersMin = 2;
/** Words of a segment with a beginning that are looked at, and the most frequent that are searched. */
const [prefixScanMax, prefixWordsMax] = [4_096, 32];
const typoWordsMax = 8;

const single = (term: string): Phrase => ({ terms: [{ term, at: 0 }] });

/** The ways a concept stands in texts, without typing errors. */
export function partsOf(segments: readonly Segment[], concept: Concept, scores: ScoreSettings): Part[] {
  if (concept.inNames) return [...concept.inNames];
  const parts: Part[] = [{ phrase: concept.exact, weight: 1 }];
  if (concept.within) parts.push({ phrase: concept.within, weight: scores.gramWeight });
  if (concept.isOpen && concept.word.length >= prefixLettersMin)
    for (const word of wordsWithPrefix(segments, concept.word))
      parts.push({ phrase: single(termOf("surface", word)), weight: scores.prefixWeight });
  return parts;
}

/** Words that are spelled like one of the query, the nearest and most frequent ones. */
export function typoParts(
  segments: readonly Segment[],
  { word }: Concept,
  { typoWeight }: ScoreSettings,
  kinds: readonly number[] | undefined,
): Part[] {
  return spelledLike(segments, word, kinds)
    .slice(0, typoWordsMax)
    .map((like) => ({ phrase: single(termOf("word", stemOf(like.word))), weight: typoWeight / like.distance }));
}

interface SpelledLike {
  readonly word: string;
  readonly distance: number;
  /** Live documents that have it. */
  readonly documents: number;
}

/**
 * Words of documents of these kinds that are one change away from a word, or where there is none, two changes away: the
 * most frequent first.
 */
export function spelledLike(
  segments: readonly Segment[],
  word: string,
  kinds: readonly number[] | undefined,
): SpelledLike[] {
  const found = (search: typeof nearest) => inDocuments(segments, search, word, kinds);
  const near = found(nearest);
  return near.length > 0 ? near : found(farther);
}

function inDocuments(
  segments: readonly Segment[],
  search: (segment: Segment, word: string) => Neighbour[],
  word: string,
  kinds: readonly number[] | undefined,
): SpelledLike[] {
  const distances = new Map<string, number>();
  for (const segment of segments)
    for (const { word: other, distance } of search(segment, word)) distances.set(other, distance);
  return [...distances]
    .map(([other, distance]) => ({
      word: other,
      distance,
      documents: documentsWith(segments, termOf("surface", other), kinds),
    }))
    .filter(({ documents }) => documents > 0)
    .toSorted((a, b) => b.documents - a.documents || (a.word < b.word ? -1 : 1));
}

/** Live documents of these kinds with a term. */
export const documentsWith = (
  segments: readonly Segment[],
  term: string,
  kinds: readonly number[] | undefined,
): number =>
  segments.reduce((sum, segment) => sum + segment.liveFrequency(segment.arrays.dictionary.find(term), kinds), 0);

/** The most frequent words with a beginning, without the word that is the beginning itself. */
function wordsWithPrefix(segments: readonly Segment[], prefix: string): string[] {
  const counts = new Map<string, number>();
  for (const { arrays } of segments) {
    const [from, to] = arrays.dictionary.range(termOf("surface", prefix));
    for (let term = from; term < Math.min(to, from + prefixScanMax); term++) {
      const word = arrays.dictionary.term(term).slice(1);
      if (word !== prefix) counts.set(word, (counts.get(word) ?? 0) + (arrays.documentFrequencies[term] ?? 0));
    }
  }
  return [...counts]
    .toSorted(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .slice(0, prefixWordsMax)
    .map(([word]) => word);
}
