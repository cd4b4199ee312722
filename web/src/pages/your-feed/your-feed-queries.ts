import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { type FeedName, feedQuery } from "#base/api/queries.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { placeKey } from "#pages/feed/place.ts";

export const feedSettingsQuery = queryOptions({
  queryKey: keyOf("your-feed", "settings"),
  queryFn: ({ signal }) => ask("recommend.feedSettings", { signal }),
});

/** As many interests as one answer has. */
const interestsMax = 100;
export const interestsQuery = queryOptions({
  queryKey: keyOf("your-feed", "interests"),
  queryFn: async ({ signal }) => (await ask("recommend.interests", { query: { limit: interestsMax }, signal })).list,
  // Videos that were watched since the last look count.
  staleTime: 0,
});

export const mutesQuery = infiniteQueryOptions({
  queryKey: keyOf("your-feed", "mutes"),
  queryFn: ({ pageParam, signal }) => ask("recommend.mutes", { query: { cursor: pageParam, page_size: 50 }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor ?? null,
  // Videos are muted from the feed too.
  staleTime: 0,
});

/** Feeds that were loaded under other choices are dropped: the next one that is opened is new. */
export function dropFeeds(...names: readonly FeedName[]): void {
  for (const name of names) {
    queryClient.removeQueries({ queryKey: feedQuery(name).queryKey, type: "inactive" });
    // It begins at its first video, wherever the last one of the former feed is in it.
    sessionStorage.removeItem(placeKey(name));
  }
}

/** Muted videos are missing from every list. */
export function dropLists(): void {
  dropFeeds("for-you", "following", "hot");
  void invalidate(keyOf("explore"));
}
