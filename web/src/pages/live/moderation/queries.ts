import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";

const listMax = 50;

/** Messages that wait for a moderator of the room, the oldest first. */
export const heldQuery = (liveId: number) =>
  queryOptions({
    queryKey: keyOf("held", liveId),
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
    queryKey: keyOf("chat-settings", liveId),
    queryFn: ({ signal }) => ask("live.chat", { path: { id: liveId }, signal }),
    staleTime: 0,
  });

export const moderatorsQuery = (liveId: number) =>
  queryOptions({
    queryKey: keyOf("room-moderators", liveId),
    queryFn: ({ signal }) => ask("live.roomModerators", { path: { id: liveId }, signal }),
    staleTime: 0,
  });

export const restrictionsQuery = (liveId: number) =>
  queryOptions({
    queryKey: keyOf("room-restrictions", liveId),
    queryFn: ({ signal }) => ask("live.restrictions", { path: { id: liveId }, query: { page_size: listMax }, signal }),
    staleTime: 0,
  });

export const refreshPeople = (liveId: number): void => {
  for (const { queryKey } of [moderatorsQuery(liveId), restrictionsQuery(liveId)]) void invalidate(queryKey);
};
