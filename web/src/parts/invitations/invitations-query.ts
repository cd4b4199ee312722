import { infiniteQueryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

/** The viewer's invitations; all of them for moderators. */
export const invitationsQuery = infiniteQueryOptions({
  queryKey: keyOf("invitations"),
  queryFn: ({ pageParam, signal }) => ask("auth.invitations", { query: { cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});
