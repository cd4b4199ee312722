import { queryOptions } from "@tanstack/react-query";
import { queryClient } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";

const listMax = 50;

/** Messages that wait for a moderator of the room, the oldest first. */
export const heldQuery = (liveId: number) =>
  queryOptions({
    queryKey: ["held", liveId],
    queryFn: async ({ signal }) => {
      const { list, has_more } = await ask("live.held", {
        path: { id: liveId },
        query: { page_size: listMax },
        signal,
      });
      return { list: list.toReversed(), hasMore: has_more };
    },
    staleTime: 0,
  });

/** How the chat is moderated, with its words. */
export const chatSettingsQuery = (liveId: number) =>
  queryOptions({
    queryKey: ["chat-settings", liveId],
    queryFn: ({ signal }) => ask("live.chat", { path: { id: liveId }, signal }),
    staleTime: 0,
  });

export const moderatorsQuery = (liveId: number) =>
  queryOptions({
    queryKey: ["room-moderators", liveId],
    queryFn: ({ signal }) => ask("live.roomModerators", { path: { id: liveId }, signal }),
    staleTime: 0,
  });

export const restrictionsQuery = (liveId: number) =>
  queryOptions({
    queryKey: ["room-restrictions", liveId],
    queryFn: ({ signal }) => ask("live.restrictions", { path: { id: liveId }, query: { page_size: listMax }, signal }),
    staleTime: 0,
  });

export const refreshPeople = (liveId: number): void => {
  for (const { queryKey } of [moderatorsQuery(liveId), restrictionsQuery(liveId)])
    void queryClient.invalidateQueries({ queryKey });
};
