import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

/** How the viewer stands before the gate of a video. */
export const gateQuery = (videoId: number) =>
  queryOptions({
    queryKey: keyOf("gate", videoId),
    queryFn: ({ signal }) => ask("interaction.gate", { path: { kind: "video", id: videoId }, signal }),
  });

/** The people who are invited to a video of the viewer. */
export const invitedQuery = (videoId: number) =>
  queryOptions({
    queryKey: keyOf("gate", videoId, "invited"),
    queryFn: ({ signal }) =>
      ask("interaction.gateInvited", { path: { kind: "video", id: videoId }, query: { page_size: 100 }, signal }),
  });

/** The owner of a video, by number. */
export const ownerQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("user", `#${id}`),
    queryFn: ({ signal }) => ask("user.get", { path: { id }, signal }),
  });

/** The chains that tokens can be on. */
export const chainsQuery = queryOptions({
  queryKey: keyOf("chains", "public"),
  queryFn: ({ signal }) => ask("auth.chains", { signal }),
  staleTime: 300_000,
});
