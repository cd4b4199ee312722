import type { Segment } from "../segment/segment.ts";
import { defaultScores, type ScoreSettings } from "../settings.ts";
import { arena } from "./arena.ts";
import { type Candidates, combined, everything, type Scored } from "./candidates.ts";
import { type Matches, type Weighting, weightingOf } from "./matches.ts";
import { measure, type Measured } from "./measurement.ts";
import { type Concept, parse, parseName } from "./parser.ts";
import { type Plan, planOf } from "./plan.ts";
import type { SearchQuery, SearchResult } from "./query.ts";
import { pageOf, ranked, totalMax } from "./hits.ts";
import { scopedStatistics, type Statistics, statisticsOf, type StatisticsSums } from "./statistics.ts";

/** Where fewer documents have all words, those with some of them are found as well. */
const fewMatches = 10;

/** A query as it is read. */
interface Request {
  readonly query: SearchQuery;
  readonly scores: ScoreSettings;
  readonly concepts: readonly Concept[];
  /** How many concepts a document with all words has. */
  readonly required: number;
  /** Whether documents with some of its words may be found. */
  readonly isWide: boolean;
}

/** Undefined where a text has nothing to search by. */
function requestOf(query: SearchQuery): Request | undefined {
  const { text, scope, needsAllWords } = query;
  const isName = query.isName === true || scope !== undefined;
  const read = text === undefined ? [] : isName ? parseName(text, scope) : parse(text);
  const concepts = query.toleratesTypos === false ? read.map(({ compounds: _, ...concept }) => concept) : read;
  const required = concepts.filter(({ isRequired }) => isRequired).length;
  if (text !== undefined && required === 0) return undefined;
  const isWide = required > 1 && !isName && needsAllWords !== true;
  return { query, scores: { ...defaultScores, ...query.scores }, concepts, required, isWide };
}

const weightingFor = ({ query: { scope, kinds }, scores }: Request, statistics: Statistics): Weighting =>
  weightingOf(scores, scope === undefined ? statistics : scopedStatistics, kinds);

/** The documents of some segments that a query is about, the best first. */
export function searchSegments(
  segments: readonly Segment[],
  statistics: StatisticsSums,
  query: SearchQuery,
): SearchResult {
  const request = requestOf(query);
  if (!request) return { hits: [], total: 0, match: "all" };
  arena.reset();
  const measured = measuredIn(segments, statistics, request);
  const plan = planOf([{ statistics, concepts: measured.map(({ counts }) => counts) }]);
  // Where there are no other shards, what is to be searched is what was measured last.
  const matches = measured.map((one) => one.matches);
  const candidates = candidatesOf(segments, request, plan, matches);
  const isWide = request.isWide && wholeIn(candidates) < fewMatches;
  const { hits, total } = ranked(segments, query, { candidates, present: isWide ? 0 : request.required });
  const { offset } = pageOf(query);
  return { hits: hits.slice(offset), total: Math.min(total, totalMax), match: isWide ? "any" : "all" };
}

function measuredIn(segments: readonly Segment[], sums: StatisticsSums, request: Request): Measured[] {
  const weighting = weightingFor(request, statisticsOf([sums]));
  return request.concepts.map((concept) => measure(segments, concept, { ...request, weighting }));
}

const none: Matches = { documents: new Int32Array(), frequencies: new Float64Array() };

/** By segment: the documents that have any of the words, with their scores. */
function candidatesOf(
  segments: readonly Segment[],
  { query, scores, concepts, required }: Request,
  { statistics, concepts: planned }: Plan,
  matches: readonly (readonly Matches[])[],
): Candidates[] {
  if (query.text === undefined) return everything(segments, query);
  const weights = planned.map(({ documents }) =>
    query.scope === undefined ? Math.log(1 + (statistics.documents - documents + 0.5) / (documents + 0.5)) : 1,
  );
  return segments.map((segment, n) => {
    const scored: Scored[] = concepts.map(({ isRequired }, place) => ({
      isRequired,
      matches: matches[place]?.[n] ?? none,
      weight: (weights[place] ?? 0) * (isRequired ? 1 : scores.gramWeight),
    }));
    return combined(segment, scored, { query, k1: scores.k1, required });
  });
}

/** How many documents have all words. */
const wholeIn = (candidates: readonly Candidates[]): number =>
  candidates.reduce((sum, { wholeCount }) => sum + wholeCount, 0);
