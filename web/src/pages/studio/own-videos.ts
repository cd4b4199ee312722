import { infiniteQueryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { patchVideo } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Operations } from "#base/api/types.ts";
import type { ContentFilter } from "./content-filter.ts";

/** One's own videos; among all lists of users' videos, so that a change of a video reaches it. */
export const ownVideosQuery = (userId: number, { q, state, visibility, sort }: ContentFilter) =>
  infiniteQueryOptions({
    queryKey: keyOf("videos-of", userId, "own", q, state, visibility, sort),
    queryFn: ({ pageParam, signal }) => {
      const filter = { q: q ?? null, state: state ?? null, visibility: visibility ?? null, sort: sort ?? null };
      const query = { ...filter, cursor: pageParam, page_size: 24 };
      return ask("video.ofUser", { path: { id: userId }, query, signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    staleTime: 0,
  });

type Change = Omit<Operations["video.changeMany"]["body"], "ids">;

/** Changes several of one's own videos; yields those that could not be changed. */
export async function changeMany(ids: readonly number[], change: Change) {
  const { done, failed } = await ask("video.changeMany", { body: { ids: [...ids], ...change } });
  if (change.visibility !== undefined)
    for (const id of done) patchVideo(id, { visibility: change.visibility, is_public: change.visibility === "public" });
  void invalidate(keyOf("videos-of"));
  return { done, failed };
}
