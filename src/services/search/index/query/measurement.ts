import type { Segment } from "../segment/segment.ts";
import type { ScoreSettings } from "../settings.ts";
import { type Matches, matchesOf, type Part, type Weighting } from "./matches.ts";
import type { Concept } from "./parser.ts";
import type { SearchQuery } from "./query.ts";
import { typoLettersMin } from "./spelling.ts";
import type { StatisticsSums } from "./statistics.ts";
import {
  noOtherWords,
  type OtherWords,
  isWordIn,
  partingsOf,
  partsOf,
  spelledLike,
  type SpelledLike,
  type WordCount,
  wordsWithPrefix,
} from "./words.ts";

/** Where fewer documents have a word, those that begin like it or are spelled alike are searched as well. */
export const fewDocuments = 5;
/** The most frequent words that begin like one of the query, and those that are spelled like it, that are searched. */
export const [begunMax, alikeMax] = [32, 8];
/** So many of either are counted: the most frequent ones of all shards are chosen of those of each. */
const wordsMax = 256;

/** How often a concept is in one index. */
export interface ConceptCounts {
  /** Documents that have it as it is written. */
  readonly documents: number;
  /** An unfinished word: words with its beginning are searched as well, however many documents have it. */
  readonly isOpen: boolean;
  /** The words it may be written as, where few have it. */
  readonly partings: readonly (readonly string[])[];
  /** Words that begin like it, and how many documents have them or itself. Left out where it is finished, and in many. */
  readonly begun?: { readonly words: readonly WordCount[]; readonly documents: number } | undefined;
  /** Words that are spelled like it, and how many documents have them or what is above. Left out where there are none, or enough of the others. */
  readonly alike?: (SpelledLike & { readonly documents: number }) | undefined;
}

/** What a search needs to know of an index before it can rank its documents together with those of others. */
export interface Measurement {
  readonly statistics: StatisticsSums;
  /** In the order of the query. */
  readonly concepts: readonly ConceptCounts[];
}

interface Searching {
  readonly query: SearchQuery;
  readonly scores: ScoreSettings;
  readonly weighting: Weighting;
}

export interface Measured {
  readonly counts: ConceptCounts;
  /** By segment: the documents with the concept, as it is searched where this index is the only one. */
  readonly matches: readonly Matches[];
}

/** Counts the documents with a concept, and with other words where too few have it. */
export function measure(
  segments: readonly Segment[],
  concept: Concept,
  { query, scores, weighting }: Searching,
): Measured {
  const { word, isSpaced } = concept;
  const evaluate = (other: Partial<OtherWords>) =>
    evaluateParts(segments, partsOf(concept, scores, { ...noOtherWords, ...other }), weighting);
  const opens = isSpaced && query.opensWords !== false;
  const isOpen = opens && concept.isOpen;
  let last = evaluate({});
  const { documents } = last;
  let otherWords: Partial<OtherWords> = { isWritten: documents > 0 };
  const isFew = documents < fewDocuments;
  const partings =
    isFew && query.toleratesTypos !== false && !concept.inNames ? partingsOf(concept, isWordIn(segments)) : [];
  let begun: ConceptCounts["begun"];
  if (opens && (isOpen || isFew)) {
    const words = wordsWithPrefix(segments, word).slice(0, wordsMax);
    otherWords = { ...otherWords, begun: textsOf(words, begunMax) };
    last = evaluate(otherWords);
    begun = { words, documents: last.documents };
  }
  // Another number is no typing error.
  const isLong = isSpaced && word.length >= typoLettersMin && !/\p{N}/u.test(word);
  const seeksAlike = isLong && query.toleratesTypos !== false && last.documents < fewDocuments;
  const like = seeksAlike ? spelledLike(segments, word, query.kinds) : undefined;
  let alike: ConceptCounts["alike"];
  if (like) {
    otherWords = { ...otherWords, alike: { distance: like.distance, words: textsOf(like.words, alikeMax) } };
    last = evaluate(otherWords);
    alike = { ...like, words: like.words.slice(0, wordsMax), documents: last.documents };
  }
  // What a word weighs by is counted without its parts, so that shards can add it up.
  const { matches } = partings.length > 0 ? evaluate({ ...otherWords, partings }) : last;
  return { counts: { documents, isOpen, partings, ...(begun && { begun }), ...(alike && { alike }) }, matches };
}

export const textsOf = (words: readonly WordCount[], max: number): string[] =>
  words.slice(0, max).map(({ word }) => word);

function evaluateParts(segments: readonly Segment[], parts: readonly Part[], weighting: Weighting) {
  const matches: Matches[] = segments.map((segment) => matchesOf(segment, parts, weighting));
  return { matches, documents: matches.reduce((sum, one) => sum + one.documents.length, 0) };
}
