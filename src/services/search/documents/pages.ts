import type { Id, PageInput } from "#kernel";
import { readCursor, writeCursor } from "#kernel/cursor";
import type { SearchQuery } from "../index/query/query.ts";
import type { DocumentKind } from "./documents.ts";
import type { SearchMemory } from "./memory.ts";

/** Scores are written into cursors as whole numbers. */
const scoreUnit = 1e6;

/** What is asked of one kind of documents. */
export interface KindQuery extends Omit<SearchQuery, "kinds" | "offset" | "limit" | "after"> {
  readonly kind: DocumentKind;
}

/** A page of the documents that a query finds, by id. @throws BadCursor */
export async function pageOfIds(
  memory: SearchMemory,
  { kind, ...query }: KindQuery,
  { cursor, skip, limit, count }: PageInput,
): Promise<{ ids: Id[]; next: string | null; total?: number }> {
  const unit = query.sort ? 1 : scoreUnit;
  const [rank = 0, id = 0] = cursor === undefined ? [] : readCursor(cursor, 2);
  await memory.refresh();
  const { hits, total } = memory.index.search({
    ...query,
    kinds: [kind],
    offset: skip,
    limit: limit + 1,
    ...(cursor !== undefined && { after: { kind, id, rank: rank / unit } }),
  });
  const page = hits.slice(0, limit);
  const last = page.at(-1);
  return {
    ids: page.map((hit) => hit.id),
    next: hits.length > limit && last ? writeCursor([Math.round(last.rank * unit), last.id]) : null,
    ...(count && { total }),
  };
}
