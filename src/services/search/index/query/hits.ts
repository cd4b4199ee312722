import type { Segment } from "../segment/segment.ts";
import type { Candidates } from "./candidates.ts";
import type { SearchQuery, SearchResult } from "./query.ts";
import { isBefore, type Ranked, Top } from "./top.ts";

const totalMax = 1_001;
const pageMax = 1_000;

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
      return Number.isNaN(value) ? -Number.MAX_VALUE : direction * value;
    },
  };
}

/** Where the page begins: the last document of the one before, as it is ranked now. */
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
    const own = candidates[n];
    if (document < 0 || !segment.isLive(document) || !own) continue;
    const at = own.documents.indexOf(document);
    if (at >= 0) return { kind, id, score: rankIn(segment, query).rank(own, at) };
  }
  return { kind, id, score: after.rank };
}

/** Which page of the hits is asked for: whole numbers that make sense. Pure. */
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
    const own = candidates[n];
    if (!own) continue;
    const { kinds, ids } = segment.arrays;
    const of = rankIn(segment, query);
    for (let at = 0; at < own.documents.length; at++) {
      if ((own.present[at] ?? 0) < presentMin) continue;
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
  const hits = top
    .list()
    .slice(offset)
    .map(({ kind, id, score: rank }) => ({ kind, id, rank, score: scoreOf.get(`${kind} ${id}`) ?? rank }));
  return { hits, total: Math.min(total, totalMax) };
}
