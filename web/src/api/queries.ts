import { infiniteQueryOptions, QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ask } from "./client.ts";
import { Failure } from "./failure.ts";
import { hasSession, watchSession } from "./session.ts";
import type { User, Video } from "./types.ts";

/** A failure that another attempt may mend: no answer, or a fault of the server. */
const mayPass = (error: Error) => error instanceof Failure && (error.status === 0 || error.status >= 500);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && mayPass(error),
      retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 8000),
      refetchOnWindowFocus: false,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

export const instanceQuery = queryOptions({
  queryKey: ["instance"],
  queryFn: ({ signal }) => ask("auth.instance", { signal }),
  staleTime: 300_000,
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => ask("user.get", { path: { id: "me" }, signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => ask("auth.sessions", { signal }),
  staleTime: 0,
});

/** The feed keeps its order while it is open: a refetch would move the video under the finger. */
export const feedQuery = infiniteQueryOptions({
  queryKey: ["feed"],
  queryFn: ({ pageParam, signal }) => ask("recommend.feed", { query: { cursor: pageParam, limit: 10 }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => (last.has_more ? last.next_cursor : null),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

export const videoQuery = (id: number) =>
  queryOptions({
    queryKey: ["video", id],
    queryFn: ({ signal }) => ask("video.get", { path: { id }, signal }),
  });

export const taskQuery = (mediaId: number) =>
  queryOptions({
    queryKey: ["task", mediaId],
    queryFn: ({ signal }) => ask("media.task", { path: { id: mediaId }, signal }),
    retry: false,
  });

export const userQuery = (username: string) =>
  queryOptions({
    queryKey: ["user", username],
    queryFn: ({ signal }) => ask("user.byName", { path: { username }, signal }),
  });

export const userVideosQuery = (userId: number) =>
  infiniteQueryOptions({
    queryKey: ["videos-of", userId],
    queryFn: ({ pageParam, signal }) =>
      ask("video.ofUser", { path: { id: userId }, query: { cursor: pageParam, page_size: 24 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });

const useHasSession = () => useSyncExternalStore(watchSession, hasSession);

/** The viewer: `null` for a visitor, `undefined` while we do not know yet. */
export function useMe(): User | null | undefined {
  const known = useHasSession();
  const { data, isError } = useQuery({ ...meQuery, enabled: known });
  if (!known) return null;
  return data ?? (isError ? null : undefined);
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
  queryClient.setQueryData<Video>(["video", id], (video) => video && { ...video, ...patch });
  queryClient.setQueriesData<{ pages: { list: Video[] }[] }>({ queryKey: ["feed"] }, inPages);
  queryClient.setQueriesData<{ pages: { list: Video[] }[] }>({ queryKey: ["videos-of"] }, inPages);
}

/** Everything that was seen as another viewer is forgotten; the instance is the same for all. */
export function forgetViewer(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "instance" });
}
