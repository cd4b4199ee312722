import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Operations } from "#base/api/types.ts";

export type Filtered = Operations["interaction.danmakuFilters"]["answer"];

/** The viewer's danmaku filters. */
export const filtersQuery = queryOptions({
  queryKey: keyOf("danmaku-filters"),
  queryFn: ({ signal }) => ask("interaction.danmakuFilters", { signal }),
});

/** Takes over what the server keeps from now on, and asks anew for what flies. */
export function keepFilters(saved: Filtered): Promise<void> {
  queryClient.setQueryData(filtersQuery.queryKey, saved);
  return invalidate(keyOf("danmaku"));
}

/** Hides whatever is said by who said this; the server alone knows who that is. */
export const hideAuthorOf = async (id: number): Promise<void> =>
  keepFilters(await ask("interaction.hideAuthor", { path: { id }, body: {} }));

export const showAuthorOf = async (id: number): Promise<void> =>
  keepFilters(await ask("interaction.showAuthor", { path: { id } }));

export const showAllAuthors = async (): Promise<void> => keepFilters(await ask("interaction.showAuthors", {}));
