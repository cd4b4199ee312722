import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "./keys.ts";
import { ask } from "./request/client.ts";

export type Folder = "inbox" | "requests";

export const conversationsQuery = (folder: Folder) =>
  infiniteQueryOptions({
    queryKey: keyOf("conversations", folder),
    queryFn: ({ pageParam, signal }) =>
      ask("message.conversations", { query: { folder, cursor: pageParam, page_size: 30 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });

export const conversationQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("conversation", id),
    queryFn: ({ signal }) => ask("message.conversation", { path: { id }, signal }),
  });

export const messagesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("messages", id),
    queryFn: ({ pageParam, signal }) =>
      ask("message.messages", { path: { id }, query: { cursor: pageParam, page_size: 40 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });

/** The kinds of notifications that can be listed alone, by their number in the contract. */
const notificationTypes = { comments: 2, followers: 3 } as const;
export type NotificationFilter = "all" | keyof typeof notificationTypes;

export const notificationsQuery = (filter: NotificationFilter) =>
  infiniteQueryOptions({
    queryKey: keyOf("notifications", filter),
    queryFn: ({ pageParam, signal }) => {
      const type = filter === "all" ? {} : { type: notificationTypes[filter] };
      return ask("message.notifications", {
        query: { ...type, merged: true, cursor: pageParam, page_size: 30 },
        signal,
      });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });

/** All notifications of followers, each alone; kept apart for each merged one, of which it is asked. */
export const followersQuery = (groupId: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("notifications", "alone", groupId),
    queryFn: ({ pageParam, signal }) =>
      ask("message.notifications", {
        query: { type: notificationTypes.followers, merged: false, cursor: pageParam, page_size: 100 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    staleTime: 0,
  });

export const notificationSettingsQuery = queryOptions({
  queryKey: keyOf("notification-settings"),
  queryFn: ({ signal }) => ask("message.settings", { signal }),
});
