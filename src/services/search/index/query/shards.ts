import type { Measurement } from "./measurement.ts";
import { type Plan, planOf } from "./plan.ts";
import type { SearchQuery, SearchResult } from "./query.ts";
import { pageOf, totalMax } from "./hits.ts";
import { fewMatches, type ShardHits } from "./search.ts";
import { isBefore } from "./top.ts";

/** What is read of a query here; the rest is for the shards. */
interface Asked {
  readonly offset?: number;
  readonly limit?: number;
  readonly after?: { readonly id: number; readonly rank: number } | undefined;
}

/** An index that has a part of the documents; it may be in another process. */
export interface Shard<Query extends Asked = SearchQuery> {
  measurement(query: Query): Promise<Measurement>;
  /** The first hits, up to the end of the page. */
  hits(query: Query, plan: Plan): Promise<ShardHits>;
}

/**
 * Searches several shards as if they were one index: all are measured, all are searched by one plan, and their hits are put
 * together. `holder` is the shard that has the document that the page begins after: its present rank counts in all of them.
 */
export async function searchShards<Query extends Asked>(
  shards: readonly Shard<Query>[],
  query: Query,
  holder?: Shard<Query>,
): Promise<SearchResult> {
  const plan = planOf(await Promise.all(shards.map((shard) => shard.measurement(query))));
  const { after } = query;
  if (!after || !holder) return resultOf(query, await Promise.all(shards.map((shard) => shard.hits(query, plan))));
  const first = await holder.hits(query, plan);
  const rank = first.all.start ?? after.rank;
  const others = shards
    .filter((shard) => shard !== holder)
    .map((shard) => shard.hits({ ...query, after: { ...after, rank } }, plan));
  return resultOf(query, [first, ...(await Promise.all(others))]);
}

/** The result of all shards. Pure. */
function resultOf(query: Asked, shards: readonly ShardHits[]): SearchResult {
  const whole = shards.reduce((sum, { all }) => sum + all.total, 0);
  // A shard that has enough with all words has no others: then all together have enough as well.
  const isWide = whole < fewMatches && shards.some(({ any }) => any);
  const parts = shards.map(({ all, any }) => (isWide ? (any ?? all) : all));
  const { offset, limit } = pageOf(query);
  const hits = parts
    .flatMap((part) => part.hits)
    .toSorted((a, b) => (isBefore({ ...a, score: a.rank }, { ...b, score: b.rank }) ? -1 : 1))
    .slice(offset, offset + limit);
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  return { hits, total: Math.min(total, totalMax), match: isWide ? "any" : "all" };
}
