import { type Boost, followers, playsAndFreshness } from "../index/query/boosts.ts";
import type { SearchHit, SearchQuery } from "../index/query/query.ts";
import type { Boosting, KindQuery, Place, Slice } from "./port.ts";

/** Scores are written into cursors as whole numbers. */
const scoreUnit = 1e6;
const unitOf = ({ sort }: Pick<KindQuery, "sort">): number => (sort ? 1 : scoreUnit);

export const boostOf = (boosting: Boosting): Boost =>
  boosting.by === "followers" ? followers : playsAndFreshness(boosting.nowMs);

/** Options for a search that takes all words as they are written. */
export const exactly = { needsAllWords: true, toleratesTypos: false } as const;

/** A query as an index in memory takes it. Pure. */
export const indexQuery = ({ kind, boost, isExact, ...query }: KindQuery, { after, ...slice }: Slice): SearchQuery => ({
  ...query,
  ...slice,
  kinds: [kind],
  ...(boost && { boost: boostOf(boost) }),
  ...(isExact && exactly),
  ...(after && { after: { kind, id: after.id, rank: rankAt(query, after) } }),
});

/** The place of a hit of an index in memory. Pure. */
export const placeOf = (query: Pick<KindQuery, "sort">, { id, rank }: SearchHit): Place => ({
  id,
  rank: Math.round(rank * unitOf(query)),
});

/** The rank of a place in an index in memory. Pure. */
export const rankAt = (query: Pick<KindQuery, "sort">, { rank }: Place): number => rank / unitOf(query);
