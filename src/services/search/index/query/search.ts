import type { Segment } from "../segment/segment.ts";
import { defaultScores, type ScoreSettings } from "../settings.ts";
import { arena } from "./arena.ts";
import { scopeColumn } from "../document.ts";
import { filterOf } from "./filters.ts";
import { type Matches, matchesOf, type Part, type Weighting, weightingOf } from "./matches.ts";
import { type Concept, parse, parseName } from "./parser.ts";
import { partsOf, typoParts } from "./parts.ts";
import type { SearchQuery, SearchResult } from "./query.ts";
import { scopedStatistics, type Statistics } from "./statistics.ts";
import { isBefore, type Ranked, Top } from "./top.ts";
import { typoLettersMin } from "./spelling.ts";

const totalMax = 1_001;
const pageMax = 1_000;
/** Where fewer documents have a word, those that begin like it or are spelled alike are searched as well. */
const fewDocuments = 5;
/** Where fewer documents have all words, those with some of them are found as well. */
const fewMatches = 10;

/** The documents of some segments that a query is about, the best first. */
export function searchSegments(segments: readonly Segment[], statistics: Statistics, query: SearchQuery): SearchResult {
  arena.reset();
  const scores = { ...defaultScores, ...query.scores };
  const { scope } = query;
  const weighting = weightingOf(scores, scope === undefined ? statistics : scopedStatistics, query.kinds);
  if (query.text === undefined) return ranked(segments, query, everything(segments, query, weighting));
  const isName = query.isName === true || scope !== undefined;
  const concepts = isName ? parseName(query.text, scope) : parse(query.text);
  if (!concepts.some(({ isRequired }) => isRequired)) return { hits: [], total: 0, match: "all" };
  const required = concepts.filter(({ isRequired }) => isRequired).length;
  const evaluated = concepts.map((concept) => evaluate(segments, concept, { query, scores, weighting }));
  const weights = evaluated.map(({ documents }) =>
    scope === undefined ? Math.log(1 + (statistics.documents - documents + 0.5) / (documents + 0.5)) : 1,
  );
  const candidates = segments.map((segment, n) => {
    const scored = concepts.map(({ isRequired }, place) => ({
      isRequired,
      matches: evaluated[place]?.bySegment[n] ?? none,
      weight: (weights[place] ?? 0) * (isRequired ? 1 : scores.gramWeight),
    }));
    return combined(segment, scored, { query, k1: scores.k1, required });
  });
  const needsAll = isName || query.needsAllWords === true;
  const whole = candidates.reduce((sum, { wholeCount }) => sum + wholeCount, 0);
  return ranked(segments, query, {
    candidates,
    match: whole >= fewMatches || required === 1 || needsAll ? "all" : "any",
    required,
  });
}

const none: Matches = { documents: new Int32Array(), frequencies: new Float64Array() };

interface Evaluation {
  readonly query: SearchQuery;
  readonly scores: ScoreSettings;
  readonly weighting: Weighting;
}
interface Evaluated {
  readonly bySegment: readonly Matches[];
  readonly documents: number;
}

function evaluate(segments: readonly Segment[], concept: Concept, { query, scores, weighting }: Evaluation): Evaluated {
  const isOpen = concept.isOpen && query.opensWords !== false;
  const parts = partsOf(segments, { ...concept, isOpen }, scores);
  const exact = evaluateParts(segments, parts, weighting);
  if (concept.isSpaced && !isOpen && query.opensWords !== false && exact.documents < fewDocuments)
    return evaluate(segments, { ...concept, isOpen: true }, { query, scores, weighting });
  // Another number is no typing error.
  const isLong = concept.isSpaced && concept.word.length >= typoLettersMin && !/\p{N}/u.test(concept.word);
  if (query.toleratesTypos === false || !isLong || exact.documents >= fewDocuments) return exact;
  const alike = typoParts(segments, concept, scores, query.kinds);
  return alike.length === 0 ? exact : evaluateParts(segments, [...parts, ...alike], weighting);
}

function evaluateParts(segments: readonly Segment[], parts: readonly Part[], weighting: Weighting): Evaluated {
  const bySegment = segments.map((segment) => matchesOf(segment, parts, weighting));
  return { bySegment, documents: bySegment.reduce((sum, { documents }) => sum + documents.length, 0) };
}

/** Documents of one segment with a score each; `present` counts the required concepts that a document has. */
interface Candidates {
  readonly documents: Int32Array;
  readonly scores: Float64Array;
  readonly present: Uint8Array;
  readonly wholeCount: number;
}

interface Scored {
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
  const known = segment.memo.get("scratch") as Scratch | undefined; // Set here alone.
  const scratch = known ?? {
    scores: new Float64Array(segment.size),
    present: new Uint8Array(segment.size),
    state: new Uint8Array(segment.size),
    touched: new Int32Array(segment.size),
  };
  segment.memo.set("scratch", scratch);
  return scratch;
}

function combined(
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
  return gathered(scratch, { count, acceptedCount, required });
}

/** The accepted candidates; the scratch is empty again. */
function gathered(
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

interface Found {
  readonly candidates: readonly Candidates[];
  readonly match: SearchResult["match"];
  readonly required: number;
}

/** Every live document of the scope that meets the filter, all with the score 1. */
function everything(segments: readonly Segment[], { filter, scope }: SearchQuery, { kinds }: Weighting): Found {
  const candidates = segments.map((segment) => {
    const accepts = filterOf(segment, filter);
    const scopes = segment.arrays.columns.get(scopeColumn);
    const isInScope = (document: number) => {
      const own = scopes?.[document] ?? Number.NaN;
      return scope === undefined ? Number.isNaN(own) : own === scope;
    };
    const documents = Int32Array.from(
      [...segment.arrays.ids.keys()].filter((document) => {
        if (!segment.isLive(document) || kinds[segment.arrays.kinds[document] ?? 0] === 0) return false;
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
  return { candidates, match: "all", required: 0 };
}

/** The rank of a document of a segment by its place among the candidates. */
type RankOf = (own: Candidates, at: number) => number;

function rankIn(segment: Segment, { boost: boostOf, sort }: SearchQuery): { score: RankOf; rank: RankOf } {
  const { columns } = segment.arrays;
  const boost = boostOf?.((name) => columns.get(name));
  const score: RankOf = (own, at) => (own.scores[at] ?? 0) * (boost?.(own.documents[at] ?? 0) ?? 1);
  if (!sort) return { score, rank: score };
  const column = sort.column === "id" ? segment.arrays.ids : columns.get(sort.column);
  const direction = sort.order === "asc" ? -1 : 1;
  return {
    score,
    rank: (own, at) => {
      const value = column?.[own.documents[at] ?? 0] ?? Number.NaN;
      return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : direction * value;
    },
  };
}

/** Where the page begins: the last document of the one before, as it is ranked now. */
function startOf(segments: readonly Segment[], query: SearchQuery, { candidates }: Found): Ranked | undefined {
  const { after } = query;
  if (!after) return undefined;
  const { kind, id } = after;
  for (const [n, segment] of segments.entries()) {
    const document = segment.find(kind, id);
    const own = candidates[n];
    if (document < 0 || !segment.isLive(document) || !own) continue;
    const at = own.documents.indexOf(document);
    if (at >= 0) return { kind, id, score: rankIn(segment, query).rank(own, at) };
  }
  return { kind, id, score: after.rank };
}

function ranked(segments: readonly Segment[], query: SearchQuery, found: Found): SearchResult {
  const { candidates, match, required } = found;
  const offset = Math.min(Math.max(0, Math.floor(query.offset ?? 0)), pageMax);
  const limit = Math.min(Math.max(0, Math.floor(query.limit ?? 20)), pageMax);
  const top = new Top(offset + limit);
  const start = startOf(segments, query, found);
  const scoreOf = new Map<string, number>();
  let total = 0;
  for (const [n, segment] of segments.entries()) {
    const own = candidates[n];
    if (!own) continue;
    const { kinds, ids } = segment.arrays;
    const of = rankIn(segment, query);
    for (let at = 0; at < own.documents.length; at++) {
      if (match === "all" && own.present[at] !== required) continue;
      total++;
      const score = of.rank(own, at);
      if (score < top.floor) continue;
      const document = own.documents[at] ?? 0;
      const one = { kind: kinds[document] ?? 0, id: ids[document] ?? 0, score };
      if (start && !isBefore(start, one)) continue;
      if (query.sort) scoreOf.set(`${one.kind} ${one.id}`, of.score(own, at));
      top.add(one);
    }
  }
  const page = top.list().slice(offset);
  const hits = page.map(({ kind, id, score: rank }) => ({
    kind,
    id,
    rank,
    score: scoreOf.get(`${kind} ${id}`) ?? rank,
  }));
  return { hits, total: Math.min(total, totalMax), match };
}
