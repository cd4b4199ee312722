import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { keyOf, type Topic } from "./keys.ts";
import { isOffline, queryClient } from "./query-client.ts";
import { ask } from "./request/client.ts";
import { Failure } from "./request/failure.ts";
import { hasSession, onLogOut, watchSession } from "./session/session.ts";
import type { Notification, User, Video } from "./types.ts";

export const instanceQuery = queryOptions({
  queryKey: keyOf("instance"),
  queryFn: ({ signal }) => ask("instance.get", { signal }),
  staleTime: 300_000,
});

/** The server knows nobody by this session. */
const isOver = (error: unknown) => error instanceof Failure && (error.status === 401 || error.status === 403);

/** Asked for until there is an answer, or the network went: a viewer is no visitor because the server failed. */
export const meQuery = queryOptions({
  queryKey: keyOf("me"),
  queryFn: ({ signal }) => ask("user.get", { path: { id: "me" }, signal }),
  retry: (_failures, error) => !isOver(error) && !isOffline(error),
});

/**
 * The viewer, or `undefined` where the server did not say within this time who that is: the page goes on without
 * it, however long the server fails.
 */
export function meWithin(waitMs: number): Promise<User | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), waitMs);
  const user = queryClient.ensureQueryData(meQuery).catch(() => undefined);
  return Promise.race([user, late.promise]).finally(() => clearTimeout(timer));
}

/** The address of the viewer's account, and whether it is verified. */
export const emailQuery = queryOptions({
  queryKey: keyOf("email"),
  queryFn: ({ signal }) => ask("auth.email", { signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: keyOf("sessions"),
  queryFn: ({ signal }) => ask("auth.sessions", { signal }),
  staleTime: 0,
});

export const alertsQuery = queryOptions({
  queryKey: keyOf("alerts"),
  queryFn: ({ signal }) => ask("auth.alerts", { signal, query: { page_size: 20 } }),
});

/** Programs use tokens while the page is open. */
export const tokensQuery = queryOptions({
  queryKey: keyOf("tokens"),
  queryFn: ({ signal }) => ask("auth.personalTokens", { signal }),
  staleTime: 0,
});

/** The ways to log in that the operator configured. */
export const providersQuery = queryOptions({
  queryKey: keyOf("providers"),
  queryFn: ({ signal }) => ask("auth.providers", { signal }),
  staleTime: 300_000,
});

export const factorsQuery = queryOptions({
  queryKey: keyOf("factors"),
  queryFn: ({ signal }) => ask("auth.factors", { signal }),
});

export type FeedName = "for-you" | "following" | "hot";
const feedRows = {
  "for-you": "recommend.feed",
  following: "recommend.following",
  hot: "recommend.hot",
} as const;

/** A feed keeps its order while it is open: a refetch would move the video under the finger. */
export const feedQuery = (name: FeedName) =>
  infiniteQueryOptions({
    queryKey: keyOf("feed", name),
    queryFn: ({ pageParam, signal }) => ask(feedRows[name], { query: { cursor: pageParam, limit: 10 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });

export const videoQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("video", id),
    queryFn: ({ signal }) => ask("video.get", { path: { id }, signal }),
  });

/** Videos like this one; the first of them comes next. */
export const relatedQuery = (videoId: number) =>
  queryOptions({
    queryKey: keyOf("related", videoId),
    queryFn: ({ signal }) => ask("recommend.related", { path: { id: videoId }, query: { limit: 20 }, signal }),
    staleTime: 300_000,
  });

export const taskQuery = (mediaId: number) =>
  queryOptions({
    queryKey: keyOf("task", mediaId),
    queryFn: ({ signal }) => ask("media.task", { path: { id: mediaId }, signal }),
    retry: false,
  });

export const userQuery = (username: string) =>
  queryOptions({
    queryKey: keyOf("user", username),
    queryFn: ({ signal }) => ask("user.byName", { path: { username }, signal }),
  });

export const userVideosQuery = (userId: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("videos-of", userId),
    queryFn: ({ pageParam, signal }) =>
      ask("video.ofUser", { path: { id: userId }, query: { cursor: pageParam, page_size: 24 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });

const pages = {
  initialPageParam: null as string | null,
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? null,
};

/** The public videos of a user, the most viewed first. */
export const popularOfQuery = (userId: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("videos-of", userId, "popular"),
    queryFn: ({ pageParam, signal }) =>
      ask("recommend.videos", {
        query: { sort: "popular", user_id: userId, cursor: pageParam, page_size: 24 },
        signal,
      }),
    ...pages,
  });

export const likedQuery = (userId: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("liked", userId),
    queryFn: ({ pageParam, signal }) =>
      ask("interaction.likes", { path: { id: userId }, query: { cursor: pageParam, page_size: 24 }, signal }),
    ...pages,
  });

/** The favourites of a user, in one of their folders or in all. */
export const favoritesQuery = (userId: number, folderId: number | null) =>
  infiniteQueryOptions({
    queryKey: keyOf("favorites", userId, folderId),
    queryFn: ({ pageParam, signal }) => {
      const query = { folder_id: folderId, cursor: pageParam, page_size: 24 };
      return ask("interaction.favorites", { path: { id: userId }, query, signal });
    },
    ...pages,
  });

export const historySettingsQuery = queryOptions({
  queryKey: keyOf("history-settings"),
  queryFn: ({ signal }) => ask("interaction.historySettings", { signal }),
});

export const searchHistorySettingsQuery = queryOptions({
  queryKey: keyOf("search-history-settings"),
  queryFn: ({ signal }) => ask("search.historySettings", { signal }),
});

export const historyQuery = infiniteQueryOptions({
  queryKey: keyOf("history"),
  queryFn: ({ pageParam, signal }) =>
    ask("interaction.history", { query: { cursor: pageParam, page_size: 24 }, signal }),
  staleTime: 0,
  ...pages,
});

/** Followers of a user, users they follow, and those who are both. */
export const peopleQuery = (userId: number, which: "followers" | "following" | "friends") =>
  infiniteQueryOptions({
    queryKey: keyOf("people", userId, which),
    queryFn: ({ pageParam, signal }) =>
      ask(`relation.${which}`, { path: { id: userId }, query: { cursor: pageParam, page_size: 30 }, signal }),
    ...pages,
  });

/** Users to follow. One who is followed meanwhile keeps the place: a list must not change under a finger. */
export const suggestionsQuery = queryOptions({
  queryKey: keyOf("suggestions"),
  queryFn: async ({ signal }) => {
    const { list } = await ask("relation.suggestions", { query: { limit: 6 }, signal });
    return list.map((suggestion) => ({ ...suggestion, is_followed: false }));
  },
  staleTime: 300_000,
});

export const blacklistQuery = infiniteQueryOptions({
  queryKey: keyOf("people", "blocked"),
  queryFn: ({ pageParam, signal }) =>
    ask("relation.blacklist", { query: { cursor: pageParam, page_size: 30 }, signal }),
  ...pages,
});

/** True if a session is known on this device, before the server has said whose. */
export const useHasSession = (): boolean => useSyncExternalStore(watchSession, hasSession);

/** The viewer: `null` for a visitor, `undefined` while it is unknown, also while the server fails. */
export function useMe(): User | null | undefined {
  const isSignedIn = useHasSession();
  const { data, error } = useQuery({ ...meQuery, enabled: isSignedIn });
  if (!isSignedIn) return null;
  return data ?? (isOver(error) ? null : undefined);
}

/** The paged lists of videos, by the first part of their keys. */
const videoLists: readonly Topic[] = ["feed", "explore", "videos-of", "liked", "favorites"];

/** A video that a page shows, wherever that is. */
export function findVideo(id: number): Video | undefined {
  const lists = videoLists.flatMap((topic) =>
    queryClient.getQueriesData<{ pages: { list: Video[] }[] }>({ queryKey: [topic] }),
  );
  return (
    queryClient.getQueryData<Video>(keyOf("video", id)) ??
    lists.flatMap(([, data]) => data?.pages.flatMap(({ list }) => list) ?? []).find((video) => video.id === id)
  );
}

/** Changes a video wherever it is shown: the feed, its page, the lists of its author. */
export function patchVideo(id: number, patch: Partial<Video>): void {
  const inPages = <Item extends Video>(data: { pages: { list: Item[] }[] } | undefined) =>
    data && {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        list: page.list.map((video) => (video.id === id ? { ...video, ...patch } : video)),
      })),
    };
  queryClient.setQueryData<Video>(keyOf("video", id), (video) => video && { ...video, ...patch });
  for (const topic of videoLists)
    queryClient.setQueriesData<{ pages: { list: Video[] }[] }>({ queryKey: [topic] }, inPages);
}

/** Shows a user as followed or not in every list and page. */
export function patchAuthor(userId: number, isFollowed: boolean): void {
  const by = isFollowed ? 1 : -1;
  const ofUser = (user: User | undefined) =>
    user && user.id === userId && user.is_followed !== isFollowed
      ? { ...user, is_followed: isFollowed, follower_count: Math.max(0, user.follower_count + by) }
      : user;
  const ofVideo = <Item extends Video>(video: Item): Item =>
    video.user.id === userId ? { ...video, user: { ...video.user, is_followed: isFollowed } } : video;
  const ofPerson = <Person extends { id: number; is_followed: boolean }>(person: Person): Person =>
    person.id === userId ? { ...person, is_followed: isFollowed } : person;
  queryClient.setQueriesData<User>({ queryKey: keyOf("user") }, ofUser);
  queryClient.setQueriesData<{ users: { list: { id: number; is_followed: boolean }[] } }>(
    { queryKey: keyOf("search", "all") },
    (data) => data && { ...data, users: { ...data.users, list: data.users.list.map(ofPerson) } },
  );
  queryClient.setQueriesData<Video>({ queryKey: keyOf("video") }, (video) => video && ofVideo(video));
  for (const topic of videoLists)
    queryClient.setQueriesData<{ pages: { list: Video[] }[] }>(
      { queryKey: [topic] },
      (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, list: page.list.map(ofVideo) })) },
    );
  queryClient.setQueryData(suggestionsQuery.queryKey, (list) => list?.map(ofPerson));
  queryClient.setQueriesData<{ pages: { list: Notification[] }[] }>(
    { queryKey: keyOf("notifications") },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          list: page.list.map((row) => ({ ...row, sender: row.sender && ofPerson(row.sender) })),
        })),
      },
  );
  queryClient.setQueriesData<{ pages: { list: { id: number; is_followed: boolean }[] }[] }>(
    { queryKey: keyOf("people") },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          list: page.list.map(ofPerson),
        })),
      },
  );
}

/**
 * Asks anew for what a page shows, except feeds, which keep their order. Data of another account (`isOther`) is removed
 * at once.
 */
export function refreshForViewer(isOther: boolean): void {
  const predicate = ({ queryKey: [name] }: { queryKey: readonly unknown[] }) =>
    (isOther || name !== "feed") && name !== "instance" && name !== "me";
  void (isOther ? queryClient.resetQueries({ predicate }) : queryClient.invalidateQueries({ predicate }));
}

/** Everything that was seen as another viewer is forgotten; the instance is the same for all. */
export function forgetViewer(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "instance" });
}
onLogOut(forgetViewer);
