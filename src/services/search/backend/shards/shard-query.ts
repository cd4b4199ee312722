import type { z } from "zod";
import type { SearchQuery } from "../../index/query/query.ts";
import { boostOf, exactly, rankAt } from "../index-query.ts";
import type { KindQuery, Slice } from "../port.ts";
import type { ShardQuery } from "./contract.ts";

export type Sent = z.output<typeof ShardQuery>;

/** A query as it is sent to a shard. Pure. */
export function sentQuery(query: KindQuery, { offset, limit, after }: Slice): Sent {
  const { kind, text, isName = false, isExact = false, scope, filter = {}, sort, boost } = query;
  return {
    kind,
    isName,
    isExact,
    ...(text !== undefined && { text }),
    ...(scope !== undefined && { scope }),
    ranges: Object.entries(filter.ranges ?? {}).map(([column, range]) => ({ column, ...range })),
    keywords: Object.entries(filter.keywords ?? {}).map(([name, values]) => ({ name, values: [...values] })),
    ...(filter.only && { only: [...filter.only] }),
    except: Object.entries(filter.except ?? {}).map(([column, numbers]) => ({ column, numbers: [...numbers] })),
    ...(sort && { sort }),
    ...(boost && { boost: { by: boost.by, nowMs: boost.by === "playsAndFreshness" ? boost.nowMs : 0 } }),
    offset,
    limit,
    ...(after && { after: { id: after.id, rank: rankAt(query, after) } }),
  };
}

/** The same query as an index takes it. Pure. */
export function receivedQuery({ kind, ranges, keywords, only, except, boost, ...query }: Sent): SearchQuery {
  const { text, scope, sort, isExact, after, ...rest } = query;
  return {
    ...rest,
    kinds: [kind],
    ...(text !== undefined && { text }),
    ...(scope !== undefined && { scope }),
    ...(sort && { sort }),
    filter: {
      ranges: Object.fromEntries(ranges.map(({ column, min, max }) => [column, rangeOf(min, max)])),
      keywords: Object.fromEntries(keywords.map(({ name, values }) => [name, values])),
      ...(only && { only: new Set(only) }),
      except: Object.fromEntries(except.map(({ column, numbers }) => [column, new Set(numbers)])),
    },
    ...(boost && { boost: boostOf(boost) }),
    ...(isExact && exactly),
    ...(after && { after: { kind, ...after } }),
  };
}

const rangeOf = (min: number | undefined, max: number | undefined) => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
});
