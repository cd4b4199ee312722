import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

export type ExploreSort = "trending" | "latest";
type Shape = "wide" | "upright";

const pageSizes = { wide: 16, upright: 12 } as const;

/** The public videos of one shape, of one category or of all. */
export const exploreQuery = (shape: Shape, sort: ExploreSort, categoryId: number | undefined) =>
  infiniteQueryOptions({
    queryKey: keyOf("explore", shape, sort, categoryId ?? 0),
    queryFn: ({ pageParam, signal }) => {
      const page = { cursor: pageParam, page_size: pageSizes[shape] };
      return ask("recommend.videos", {
        query: { ...page, shape, sort, ...(categoryId !== undefined && { category_id: categoryId }) },
        signal,
      });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    staleTime: 120_000,
  });

/** The public videos of both shapes, the latest first. */
export const latestQuery = infiniteQueryOptions({
  queryKey: keyOf("explore", "latest"),
  queryFn: ({ pageParam, signal }) =>
    ask("recommend.videos", { query: { cursor: pageParam, page_size: 20, sort: "latest" }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor ?? null,
  staleTime: 0,
});

/** The videos that the viewer began and did not finish, the latest first. */
export const continueQuery = queryOptions({
  queryKey: keyOf("continue-watching"),
  queryFn: ({ signal }) => ask("interaction.continueWatching", { query: { limit: 12 }, signal }),
  staleTime: 0,
});
