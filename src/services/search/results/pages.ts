import type { Id, PageInput } from "#kernel";
import { readCursor, writeCursor } from "#kernel/cursor";
import type { KindQuery, SearchBackend } from "../backend/port.ts";

/** Ids grow with time. */
export const newest = { column: "id", order: "desc" } as const;

/** A page of the documents that a query finds, by id. @throws BadCursor, SearchUnavailable */
export async function pageOfIds(
  backend: SearchBackend,
  query: KindQuery,
  { cursor, skip, limit, count }: PageInput,
): Promise<{ ids: Id[]; next: string | null; total?: number }> {
  const [rank = 0, id = 0] = cursor === undefined ? [] : readCursor(cursor, 2);
  const { places, total } = await backend.find(query, {
    offset: skip,
    limit: limit + 1,
    ...(cursor !== undefined && { after: { id, rank } }),
  });
  const page = places.slice(0, limit);
  const last = page.at(-1);
  return {
    ids: page.map((place) => place.id),
    next: places.length > limit && last ? writeCursor([last.rank, last.id]) : null,
    ...(count && { total }),
  };
}
