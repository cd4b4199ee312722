import type { Segment } from "../segment/segment.ts";
import { arena } from "./arena.ts";
import { type Candidates, combineMatches, everything, type Scored } from "./candidates.ts";
import { hitsOf } from "./hits.ts";
import { type Plan, planOf } from "./plan.ts";
import type { SearchQuery, SearchResult } from "./query.ts";
import type { Statistics } from "./statistics.ts";

/** If fewer documents than this have all words, documents with some of them are found as well. */
const fewMatches = 10;

/** The documents of some segments that a query finds, the best first. */
export function searchSegments(segments: readonly Segment[], statistics: Statistics, query: SearchQuery): SearchResult {
  arena.reset();
  const plan = planOf(segments, statistics, query);
  if (!plan) return { hits: [], total: 0, match: "all" };
  const candidates = query.text === undefined ? everything(segments, query) : candidatesOf(segments, query, plan);
  const wholeCount = candidates.reduce((sum, segmentCandidates) => sum + segmentCandidates.wholeCount, 0);
  const matchesAny = plan.mayMatchAny && wholeCount < fewMatches;
  const presentMin = matchesAny ? 0 : plan.requiredCount;
  return { ...hitsOf(segments, query, { candidates, presentMin }), match: matchesAny ? "any" : "all" };
}

/** By segment: the documents with any concept of the plan that meet the filter of the query, with their scores. */
const candidatesOf = (segments: readonly Segment[], query: SearchQuery, plan: Plan): Candidates[] =>
  segments.map((segment, n) => {
    const scored = plan.concepts.flatMap(({ isRequired, weight, matches }): Scored | [] => {
      const inSegment = matches[n];
      return inSegment ? { isRequired, weight, matches: inSegment } : [];
    });
    return combineMatches(segment, scored, { query, k1: plan.scores.k1, required: plan.requiredCount });
  });
