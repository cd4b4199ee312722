import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Live } from "#base/api/types.ts";
import { pollAfterMs } from "./room-state.ts";

/** A room, asked for again and again until it has ended. */
export const liveQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("live", id),
    queryFn: ({ signal }) => ask("live.get", { path: { id }, signal }),
    staleTime: 2_000,
    refetchInterval: ({ state }) => pollAfterMs(state.data?.status, document.hidden),
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: true,
  });

/** Shows the answer to a change of a room. */
export const storeLive = (live: Live): void => {
  queryClient.setQueryData<Live>(keyOf("live", live.id), live);
  void invalidate(keyOf("lives"));
};

/** Asks for a room anew: something of it is another by now. */
export const refreshLive = (id: number): void => void invalidate(keyOf("live", id));

const listMs = 30_000;

/** The public rooms that are live, the most watched first. */
export const livesQuery = infiniteQueryOptions({
  queryKey: keyOf("lives", "all"),
  queryFn: ({ pageParam, signal }) =>
    ask("live.list", { query: { cursor: pageParam, page_size: 24, sort: "viewers" }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor ?? null,
  staleTime: listMs,
  refetchInterval: listMs,
});

/** The first of them, for a row. */
export const liveNowQuery = queryOptions({
  queryKey: keyOf("lives", "now"),
  queryFn: ({ signal }) => ask("live.list", { query: { page_size: 8, sort: "viewers" }, signal }),
  staleTime: listMs,
});

/** Those of which one is offered over the feed, now and as rooms begin. */
export const feedLiveQuery = queryOptions({ ...liveNowQuery, refetchInterval: 60_000, retry: false });

/** The room in which a user is live. */
export const liveOfQuery = (userId: number) =>
  queryOptions({
    queryKey: keyOf("lives", "of", userId),
    queryFn: async ({ signal }) => {
      const { list } = await ask("live.ofUser", {
        path: { id: userId },
        query: { status: "live", page_size: 1 },
        signal,
      });
      return list[0] ?? null;
    },
    staleTime: listMs,
  });

/** The viewer's own rooms that have not ended. */
export const ownLivesQuery = (userId: number) =>
  queryOptions({
    queryKey: keyOf("lives", "own", userId),
    queryFn: async ({ signal }) => {
      const { list } = await ask("live.ofUser", { path: { id: userId }, query: { page_size: 24 }, signal });
      return list.filter(({ status }) => status !== "ended");
    },
    staleTime: 0,
  });
