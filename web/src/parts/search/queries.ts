import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { filterQuery, type VideoFilter } from "./video-filter.ts";

const pageSize = 24;
const paged = { initialPageParam: null as string | null };
const next = (last: { next_cursor: string | null }) => last.next_cursor;

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: keyOf("search", "all", q),
    queryFn: ({ signal }) => ask("search.all", { query: { q, page_size: 12 }, signal }),
  });

export const searchVideosQuery = (q: string, filter: VideoFilter) =>
  infiniteQueryOptions({
    queryKey: keyOf("search", "videos", q, filterQuery(filter)),
    queryFn: ({ pageParam, signal }) =>
      ask("search.videos", {
        query: { q, ...filterQuery(filter), cursor: pageParam, page_size: pageSize },
        signal,
      }),
    ...paged,
    getNextPageParam: next,
  });

export const searchUsersQuery = (q: string) =>
  infiniteQueryOptions({
    // Among the lists of people, where following one shows.
    queryKey: keyOf("people", "search", q),
    queryFn: ({ pageParam, signal }) =>
      ask("search.users", { query: { q, cursor: pageParam, page_size: pageSize }, signal }),
    ...paged,
    getNextPageParam: next,
  });

export const searchTagsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: keyOf("search", "hashtags", q),
    queryFn: ({ pageParam, signal }) =>
      ask("search.hashtags", { query: { q, cursor: pageParam, page_size: pageSize }, signal }),
    ...paged,
    getNextPageParam: next,
  });

/** Rooms come and go: a list of them is asked for again soon. */
export const searchLivesQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: keyOf("search", "lives", q),
    queryFn: ({ pageParam, signal }) =>
      ask("search.lives", { query: { q, cursor: pageParam, page_size: pageSize }, signal }),
    ...paged,
    getNextPageParam: next,
    staleTime: 10_000,
  });

export const searchFilesQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: keyOf("search", "files", q),
    queryFn: ({ pageParam, signal }) =>
      ask("search.files", { query: { q, cursor: pageParam, page_size: pageSize }, signal }),
    ...paged,
    getNextPageParam: next,
  });

export const suggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: keyOf("search", "suggestions", q),
    queryFn: ({ signal }) => ask("search.suggestions", { query: { q, limit: 8 }, signal }),
    enabled: q !== "",
    placeholderData: keepPreviousData,
    retry: false,
  });

export const hotWordsQuery = queryOptions({
  queryKey: keyOf("search", "hot"),
  queryFn: ({ signal }) => ask("search.hot", { query: { limit: 10 }, signal }),
});

export const hotTagsQuery = queryOptions({
  queryKey: keyOf("hashtags", "hot"),
  queryFn: ({ signal }) => ask("hashtag.hot", { query: { limit: 12 }, signal }),
});

/** The hashtags of {@link hotTagsQuery} with covers: for the search page alone. */
export const trendingTagsQuery = queryOptions({
  queryKey: keyOf("hashtags", "trending"),
  queryFn: ({ signal }) => ask("hashtag.trending", { query: { limit: 10 }, signal }),
});

export const historyQuery = queryOptions({
  queryKey: keyOf("search", "history"),
  queryFn: ({ signal }) => ask("search.history", { query: { limit: 10 }, signal }),
  staleTime: 0,
});

export const tagQuery = (name: string) =>
  queryOptions({
    queryKey: keyOf("hashtag", name.toLowerCase()),
    queryFn: ({ signal }) => ask("hashtag.byName", { path: { name }, signal }),
  });

export const tagVideosQuery = (id: number, sort: "new" | "hot") =>
  infiniteQueryOptions({
    queryKey: keyOf("hashtag-videos", id, sort),
    queryFn: ({ pageParam, signal }) =>
      ask("hashtag.videos", { path: { id }, query: { sort, cursor: pageParam, page_size: pageSize }, signal }),
    ...paged,
    getNextPageParam: next,
  });
