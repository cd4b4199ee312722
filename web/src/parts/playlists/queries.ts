import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Playlist, Video } from "#base/api/types.ts";
import { deletions } from "#base/ui/sheets/deleting.ts";

const paged = {
  initialPageParam: null as string | null,
  getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor,
};

export const playlistQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("playlist", id),
    queryFn: ({ signal }) => ask("video.playlist", { path: { id }, signal }),
  });

export const itemsQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("playlist-items", id),
    queryFn: ({ pageParam, signal }) =>
      ask("video.playlistItems", { path: { id }, query: { cursor: pageParam, page_size: 50 }, signal }),
    ...paged,
  });

/** How many there are, and the first of them: what a card shows. */
export const headQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("playlist-head", id),
    queryFn: async ({ signal }) => {
      const query = { page: 1, page_size: 1 };
      const { list, total = 0 } = await ask("video.playlistItems", { path: { id }, query, signal });
      return { first: list[0] ?? null, total };
    },
  });

export const playlistsOfQuery = (userId: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("playlists-of", userId),
    queryFn: ({ pageParam, signal }) =>
      ask("video.playlistsOf", { path: { id: userId }, query: { cursor: pageParam, page_size: 24 }, signal }),
    ...paged,
  });

/** Invalidates the items of a playlist. */
export function itemsChanged(id: number): void {
  void invalidate(keyOf("playlist-items", id));
  void invalidate(keyOf("playlist-head", id));
}

type Pages = { pages: { list: Video[] }[]; pageParams: unknown[] };

/** The items listed right now, which may be more than the drawn ones. */
export const itemsNow = (id: number): Video[] =>
  queryClient.getQueryData<Pages>(keyOf("playlist-items", id))?.pages.flatMap((page) => page.list) ?? [];

/** Shows another order, or others, before the server has stored it; the places of the pages stay. */
export function showItems(id: number, videos: readonly Video[]): void {
  queryClient.setQueryData<Pages>(keyOf("playlist-items", id), (data) => {
    const [first, ...laterPages] = data?.pages ?? [];
    if (!data || !first) return data;
    return { ...data, pages: [{ ...first, list: [...videos] }, ...laterPages.map((page) => ({ ...page, list: [] }))] };
  });
}

/** Shows a playlist that was made or changed wherever it is listed. */
export function showPlaylist(playlist: Playlist): void {
  queryClient.setQueryData(keyOf("playlist", playlist.id), playlist);
  void invalidate(keyOf("playlists-of"));
}

/** Deletes one's own playlists; the videos stay. */
export const { useHidden, deleteLater } = deletions(async (id) => {
  await ask("video.removePlaylist", { path: { id }, keepalive: true });
  await invalidate(keyOf("playlists-of"));
  queryClient.removeQueries({ queryKey: keyOf("playlist", id) });
});
