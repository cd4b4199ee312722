import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { foldersChanged } from "#base/api/folder-queries.ts";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { deletions } from "#base/ui/sheets/deleting.ts";

/** A user's folders of favourites, newest first; of others those that are public. */
export const foldersQuery = (userId: number) =>
  infiniteQueryOptions({
    queryKey: keyOf("folders", userId),
    queryFn: ({ pageParam, signal }) =>
      ask("interaction.folders", { path: { id: userId }, query: { cursor: pageParam, page_size: 50 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

/** The folder that a video is saved in, `null` for none; undefined if it is not among the latest hundred. */
export const placeQuery = (videoId: number) =>
  queryOptions({
    queryKey: keyOf("favorite-place", videoId),
    queryFn: async ({ signal }) => {
      const { list } = await ask("interaction.favorites", { path: { id: "me" }, query: { page_size: 100 }, signal });
      return { folderId: list.find(({ id }) => id === videoId)?.folder_id };
    },
    staleTime: 0,
  });

/** Deletes one's own folders; the videos in them stay saved. */
export const { useHidden, deleteLater } = deletions(async (id) => {
  await ask("interaction.removeFolder", { path: { id }, keepalive: true });
  await foldersChanged();
});
