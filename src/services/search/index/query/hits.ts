import type { Segment } from "../segment/segment.ts";
import type { Candidates } from "./candidates.ts";
import type { SearchQuery, SearchResult } from "./query.ts";
import { isBefore, type Ranked, Top } from "./top.ts";

const totalMax = 1_001;
const pageMax = 1_000;

/** The rank of a document of a segment by its place among the candidates. */
type RankOf = (candidates: Candidates, at: number) => number;

function rankIn(segment: Segment, { boost: boostOf, sort }: SearchQuery): { score: RankOf; rank: RankOf } {
  const { columns } = segment.arrays;
  const boost = boostOf?.((name) => columns.get(name));
  const score: RankOf = (candidates, at) =>
    (candidates.scores[at] ?? 0) * (boost?.(candidates.documents[at] ?? 0) ?? 1);
  if (!sort) return { score, rank: score };
  const column = sort.column === "id" ? segment.arrays.ids : columns.get(sort.column);
  const direction = sort.order === "asc" ? -1 : 1;
  return {
    score,
    rank: (candidates, at) => {
      const value = column?.[candidates.documents[at] ?? 0] ?? Number.NaN;
      return Number.isNaN(value) ? -Number.MAX_VALUE : direction * value;
    },
  };
}

/** The last document of the page before, with its present rank; the page begins after it. */
function startOf(
  segments: readonly Segment[],
  query: SearchQuery,
  candidates: readonly Candidates[],
): Ranked | undefined {
  const { after } = query;
  if (!after) return undefined;
  const { kind, id } = after;
  for (const [n, segment] of segments.entries()) {
    const document = segment.find(kind, id);
    const segmentCandidates = candidates[n];
    if (document < 0 || !segment.isLive(document) || !segmentCandidates) continue;
    const at = segmentCandidates.documents.indexOf(document);
    if (at >= 0) return { kind, id, score: rankIn(segment, query).rank(segmentCandidates, at) };
  }
  return { kind, id, score: after.rank };
}

/** The requested page in valid whole numbers. Pure. */
function pageOf({ offset = 0, limit = 20 }: Pick<SearchQuery, "offset" | "limit">): {
  readonly offset: number;
  readonly limit: number;
} {
  const whole = (value: number) => Math.min(Math.max(0, Math.floor(value)), pageMax);
  return { offset: whole(offset), limit: whole(limit) };
}

/** The page of the candidates that have at least so many of the required concepts, the best first. */
export function hitsOf(
  segments: readonly Segment[],
  query: SearchQuery,
  { candidates, presentMin }: { readonly candidates: readonly Candidates[]; readonly presentMin: number },
): Pick<SearchResult, "hits" | "total"> {
  const { offset, limit } = pageOf(query);
  const top = new Top(offset + limit);
  const start = startOf(segments, query, candidates);
  const scoreOf = new Map<string, number>();
  let total = 0;
  for (const [n, segment] of segments.entries()) {
    const segmentCandidates = candidates[n];
    if (!segmentCandidates) continue;
    const { kinds, ids } = segment.arrays;
    const of = rankIn(segment, query);
    for (let at = 0; at < segmentCandidates.documents.length; at++) {
      if ((segmentCandidates.present[at] ?? 0) < presentMin) continue;
      total++;
      const score = of.rank(segmentCandidates, at);
      if (score < top.floor) continue;
      const document = segmentCandidates.documents[at] ?? 0;
      const hit = { kind: kinds[document] ?? 0, id: ids[document] ?? 0, score };
      if (start && !isBefore(start, hit)) continue;
      if (query.sort) scoreOf.set(`${hit.kind} ${hit.id}`, of.score(segmentCandidates, at));
      top.add(hit);
    }
  }
  const hits = top
    .list()
    .slice(offset)
    .map(({ kind, id, score: rank }) => ({ kind, id, rank, score: scoreOf.get(`${kind} ${id}`) ?? rank }));
  return { hits, total: Math.min(total, totalMax) };
}
