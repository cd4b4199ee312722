import { queryOptions } from "@tanstack/react-query";
import { ask } from "#base/api/request/client.ts";

export const giftsQuery = queryOptions({
  queryKey: ["gifts"],
  queryFn: ({ signal }) => ask("live.gifts", { signal }),
  staleTime: 600_000,
});

/** Those who gave most in a room. */
export const giversQuery = (liveId: number) =>
  queryOptions({
    queryKey: ["givers", liveId],
    queryFn: ({ signal }) => ask("live.givers", { path: { id: liveId }, query: { limit: 20 }, signal }),
    staleTime: 5_000,
  });

/** The fan club of a room's host, and the viewer's part in it. */
export const fanClubQuery = (liveId: number) =>
  queryOptions({
    queryKey: ["fan-club", liveId],
    queryFn: ({ signal }) => ask("live.fanClub", { path: { id: liveId }, signal }),
  });
