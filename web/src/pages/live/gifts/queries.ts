import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

export const giftsQuery = queryOptions({
  queryKey: keyOf("gifts"),
  queryFn: ({ signal }) => ask("live.gifts", { signal }),
  staleTime: 600_000,
});

/** Those who gave most in a room. */
export const giversQuery = (liveId: number) =>
  queryOptions({
    queryKey: keyOf("givers", liveId),
    queryFn: ({ signal }) => ask("live.givers", { path: { id: liveId }, query: { limit: 20 }, signal }),
    staleTime: 5_000,
  });

/** The fan club of a room's host, and the viewer's part in it. */
export const fanClubQuery = (liveId: number) =>
  queryOptions({
    queryKey: keyOf("fan-club", liveId),
    queryFn: ({ signal }) => ask("live.fanClub", { path: { id: liveId }, signal }),
  });
