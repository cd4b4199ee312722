import type { Db } from "#kernel";
import { createBlocklistReader } from "#policy/copies/blocklist";
import { type BlocklistTerm, createContentFilter } from "#policy/copies/content-filter";
import type { Tables } from "./store.ts";

/** Keywords without those that match a blocklist term, whatever its action: nobody decides about a keyword. */
export async function withoutBlocked<K extends { readonly keyword: string }>(
  filter: BlocklistFilter,
  keywords: readonly K[],
): Promise<K[]> {
  const matches = await filter();
  return keywords.filter(({ keyword }) => matches(keyword).length === 0);
}

/** Finds the blocklist terms in a keyword. */
export type BlocklistFilter = () => Promise<(keyword: string) => readonly BlocklistTerm[]>;

export const createBlocklistFilter = (db: Db<Tables>): BlocklistFilter =>
  createBlocklistReader(db, ({ words }) => createContentFilter(words), createContentFilter([]));
