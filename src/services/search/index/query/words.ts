import { stemOf } from "../analysis/english.ts";
import type { Segment } from "../segment/segment.ts";
import { termOf } from "../segment/terms.ts";
import type { ScoreSettings } from "../settings.ts";
import type { Part } from "./matches.ts";
import { type Concept, compoundUnitsMax, type Phrase } from "./parser.ts";
import { farther, nearest } from "./spelling.ts";

const isWritten = /[\p{L}\p{N}]/u;
/** A shorter beginning is in too many words to mean one. */
const prefixLettersMin = 2;
/** Words of a segment with a beginning that are looked at. */
const prefixScanMax = 4_096;

/** Words that are the same number of changes away from one of a query: the most frequent first. */
interface Neighbours {
  readonly distance: number;
  readonly words: readonly string[];
}

/** Words that are searched together with one of a query. */
export interface Expansion {
  /** True if documents have the word itself: completions and neighbours then count for little. */
  readonly isWritten: boolean;
  /** The words or characters it may be written as, which follow each other. */
  readonly partings: readonly (readonly string[])[];
  /** Words that begin like it. */
  readonly completions: readonly string[];
  /** Words that it may be a misspelling of. */
  readonly neighbours: Neighbours;
}
export const noExpansion: Expansion = {
  isWritten: false,
  partings: [],
  completions: [],
  neighbours: { distance: 1, words: [] },
};

const single = (term: string): Phrase => ({ terms: [{ term, at: 0 }] });
/** A word alone, in all forms of its stem. */
export const wordPhrase = (word: string): Phrase => single(termOf("word", stemOf(word)));

/** The ways a concept stands in texts. Pure. */
export function partsOf(concept: Concept, scores: ScoreSettings, expansion: Expansion): Part[] {
  const { completions, neighbours, partings, isWritten } = expansion;
  const near = isWritten ? scores.nearWeight : 1;
  if (concept.inNames) return [...concept.inNames];
  const parts: Part[] = [{ phrase: concept.exact, weight: 1 }];
  if (concept.within) parts.push({ phrase: concept.within, weight: scores.gramWeight });
  for (const word of concept.compounds ?? []) parts.push({ phrase: wordPhrase(word), weight: scores.compoundWeight });
  for (const words of partings) parts.push({ phrase: partingPhrase(concept, words), weight: scores.compoundWeight });
  for (const word of completions)
    parts.push({ phrase: single(termOf("surface", word)), weight: near * scores.prefixWeight });
  for (const word of neighbours.words)
    parts.push({ phrase: wordPhrase(word), weight: (near * scores.typoWeight) / neighbours.distance });
  return parts;
}

export const partingPhrase = ({ isSpaced }: Concept, words: readonly string[]): Phrase => ({
  terms: words.map((word, at) => ({ term: isSpaced ? termOf("word", stemOf(word)) : termOf("gram", word), at })),
});

/** The most ways to part a word. */
const partingsMax = 8;
const partingCharactersMax = 6;

/** True if documents have a word as it is written. */
export const isWordIn =
  (segments: readonly Segment[]) =>
  (text: string): boolean =>
    segments.some(({ arrays: { dictionary } }) => dictionary.find(termOf("surface", text)) >= 0);

/**
 * Words of documents that a word of a query is made of, `spider` and `man` of `spiderman`, two if there are such, else three;
 * the characters of a word without spaces, which may have some between them. Those of even length come first. Pure.
 */
export function partingsOf({ word, isSpaced, within }: Concept, isWord: (text: string) => boolean): string[][] {
  if (!isSpaced) {
    const characters = [...word];
    return within && characters.length > 1 && characters.length <= partingCharactersMax ? [characters] : [];
  }
  if (word.length > compoundUnitsMax) return [];
  const begins = Array.from({ length: word.length - 1 }, (_, n) => n + 1).filter((end) => isWord(word.slice(0, end)));
  const inTwo = begins.flatMap((end) => (isWord(word.slice(end)) ? [[word.slice(0, end), word.slice(end)]] : []));
  const inThree = () =>
    begins.flatMap((end) =>
      Array.from({ length: word.length - end - 1 }, (_, n) => end + n + 1).flatMap((next) =>
        isWord(word.slice(end, next)) && isWord(word.slice(next))
          ? [[word.slice(0, end), word.slice(end, next), word.slice(next)]]
          : [],
      ),
    );
  return (inTwo.length > 0 ? inTwo : inThree()).toSorted(byEvenness).slice(0, partingsMax);
}
const byEvenness = (a: readonly string[], b: readonly string[]): number =>
  Math.min(...b.map(({ length }) => length)) - Math.min(...a.map(({ length }) => length));

/**
 * Words of documents of these kinds that are one change away from a word, or where there is none, two changes away;
 * undefined where there is none either.
 */
export function neighboursOf(
  segments: readonly Segment[],
  word: string,
  kinds: readonly number[] | undefined,
): Neighbours | undefined {
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
): string[] {
  const candidates = new Set(segments.flatMap((segment) => search(segment, word)));
  const counts = [...candidates].map((candidate) => ({
    word: candidate,
    documents: documentsWith(segments, termOf("surface", candidate), kinds),
  }));
  return mostFrequent(counts.filter(({ documents }) => documents > 0));
}

/** The words that most documents have first; in the order of their letters where as many have them. */
const mostFrequent = (counts: readonly { readonly word: string; readonly documents: number }[]): string[] =>
  counts.toSorted((a, b) => b.documents - a.documents || (a.word < b.word ? -1 : 1)).map(({ word }) => word);

/** Live documents of these kinds with a term. */
export const documentsWith = (
  segments: readonly Segment[],
  term: string,
  kinds: readonly number[] | undefined,
): number =>
  segments.reduce((sum, segment) => sum + segment.liveFrequency(segment.arrays.dictionary.find(term), kinds), 0);

/** Words with a beginning, without the word that is the beginning itself: the most frequent first. */
export function completionsOf(segments: readonly Segment[], prefix: string): string[] {
  // One letter begins too many words; C++ and C# are it with signs.
  const isLetter = prefix.length < prefixLettersMin;
  const counts = new Map<string, number>();
  for (const { arrays } of segments) {
    const [from, to] = arrays.dictionary.range(termOf("surface", prefix));
    for (let term = from; term < Math.min(to, from + prefixScanMax); term++) {
      const word = arrays.dictionary.term(term).slice(1);
      if (word !== prefix && !(isLetter && isWritten.test(word.slice(1))))
        counts.set(word, (counts.get(word) ?? 0) + (arrays.documentFrequencies[term] ?? 0));
    }
  }
  return mostFrequent([...counts].map(([word, documents]) => ({ word, documents })));
}
