import type { Segment } from "../segment/segment.ts";
import { defaultScores, type ScoreSettings } from "../settings.ts";
import { type Matches, matchesOf, type Weighting, weightingOf } from "./matches.ts";
import { type Concept, parse, parseName, withoutCompounds } from "./parser.ts";
import type { SearchQuery } from "./query.ts";
import { typoLettersMin } from "./spelling.ts";
import { scopedStatistics, type Statistics } from "./statistics.ts";
import { completionsOf, type Expansion, isWordIn, neighboursOf, noExpansion, partingsOf, partsOf } from "./words.ts";

/** A word with fewer documents is also searched by completions, neighbours and partings (see `Expansion`). */
const fewDocuments = 5;
/** Only the most frequent completions and neighbours are searched. */
const [completionsMax, neighboursMax] = [32, 8];

/** A word or phrase of a query with its matches. */
export interface PlannedConcept {
  /** Others change the order alone, and count for no document with all words. */
  readonly isRequired: boolean;
  /** The most that it adds to a score. */
  readonly weight: number;
  /** By segment; their arrays are overwritten by the next search. */
  readonly matches: readonly Matches[];
}

/** The steps of a search, decided by the number of documents with each word. */
export interface Plan {
  /** In the order of the query; none for a query without a text. */
  readonly concepts: readonly PlannedConcept[];
  readonly requiredCount: number;
  /** True if documents with some of the words may be found when few have all. */
  readonly mayMatchAny: boolean;
  readonly scores: ScoreSettings;
}

/** The plan of a query; undefined where its text has nothing to search by. */
export function planOf(segments: readonly Segment[], statistics: Statistics, query: SearchQuery): Plan | undefined {
  const scores: ScoreSettings = { ...defaultScores, ...query.scores };
  const { text, scope, kinds } = query;
  if (text === undefined) return { concepts: [], requiredCount: 0, mayMatchAny: false, scores };
  const concepts = conceptsOf(text, query);
  const requiredCount = concepts.filter(({ isRequired }) => isRequired).length;
  if (requiredCount === 0) return undefined;
  const weighting = weightingOf(scores, scope === undefined ? statistics : scopedStatistics, kinds);
  return {
    concepts: concepts.map((concept) => planConcept(segments, concept, { query, scores, statistics, weighting })),
    requiredCount,
    mayMatchAny: requiredCount > 1 && !isNameQuery(query) && query.needsAllWords !== true,
    scores,
  };
}

const isNameQuery = ({ isName, scope }: SearchQuery): boolean => isName === true || scope !== undefined;

function conceptsOf(text: string, query: SearchQuery): readonly Concept[] {
  const concepts = isNameQuery(query) ? parseName(text, query.scope) : parse(text);
  return query.toleratesTypos === false ? withoutCompounds(concepts) : concepts;
}

interface PlanParts {
  readonly query: SearchQuery;
  readonly scores: ScoreSettings;
  readonly statistics: Statistics;
  readonly weighting: Weighting;
}

function planConcept(segments: readonly Segment[], concept: Concept, parts: PlanParts): PlannedConcept {
  const { query, scores, statistics } = parts;
  const { isRequired } = concept;
  const { matches, documents } = matchExpanded(segments, concept, parts);
  // Documents of scopes are in no statistics: all words of a scope weigh the same.
  const weight = query.scope === undefined ? inverseFrequency(statistics.documents, documents) : 1;
  return { isRequired, weight: weight * (isRequired ? 1 : scores.gramWeight), matches };
}

/** The inverse document frequency of BM25. */
const inverseFrequency = (all: number, documents: number): number =>
  Math.log(1 + (all - documents + 0.5) / (documents + 0.5));

/**
 * The matches of a concept, and of its expansion where few documents have it. `documents` is counted without partings, so that
 * a rare word weighs the same with them.
 */
function matchExpanded(
  segments: readonly Segment[],
  concept: Concept,
  { query, scores, weighting }: PlanParts,
): { readonly matches: readonly Matches[]; readonly documents: number } {
  const { word, isSpaced, isOpen, inNames } = concept;
  const match = (expansion: Expansion): Matches[] => {
    const parts = partsOf(concept, scores, expansion);
    return segments.map((segment) => matchesOf(segment, parts, weighting));
  };
  const toleratesTypos = query.toleratesTypos !== false;
  const opensWords = isSpaced && query.opensWords !== false;

  let matches = match(noExpansion);
  const isFew = countIn(matches) < fewDocuments;
  let expansion: Expansion = { ...noExpansion, isWritten: countIn(matches) > 0 };
  const completions = opensWords && (isOpen || isFew) ? completionsOf(segments, word).slice(0, completionsMax) : [];
  if (completions.length > 0) {
    expansion = { ...expansion, completions };
    matches = match(expansion);
  }
  const seeksNeighbours = toleratesTypos && isSpaced && mayHaveTypo(word) && countIn(matches) < fewDocuments;
  const neighbours = seeksNeighbours ? neighboursOf(segments, word, query.kinds) : undefined;
  if (neighbours) {
    const { distance, words } = neighbours;
    expansion = { ...expansion, neighbours: { distance, words: words.slice(0, neighboursMax) } };
    matches = match(expansion);
  }
  const documents = countIn(matches);
  const partings = isFew && toleratesTypos && !inNames ? partingsOf(concept, isWordIn(segments)) : [];
  return { matches: partings.length > 0 ? match({ ...expansion, partings }) : matches, documents };
}

/** Another number is no typing error. */
const mayHaveTypo = (word: string): boolean => word.length >= typoLettersMin && !/\p{N}/u.test(word);

const countIn = (matches: readonly Matches[]): number =>
  matches.reduce((sum, { documents }) => sum + documents.length, 0);
