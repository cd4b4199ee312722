import type { InfiniteData } from "@tanstack/react-query";
import { ask } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Feed, Video, VideoPage } from "../api/types.ts";
import { deletions } from "../ui/deleting.ts";

/** Deletes one's own videos. */
export const { useHidden, deleteLater } = deletions(async (id) => {
  await ask("video.remove", { path: { id }, keepalive: true });
  dropFromCaches(id);
});

function dropFromCaches(id: number) {
  const without = <Item extends Video, Data extends { pages: { list: Item[] }[] }>(data: Data | undefined) =>
    data && {
      ...data,
      pages: data.pages.map((page) => ({ ...page, list: page.list.filter((video) => video.id !== id) })),
    };
  queryClient.setQueriesData<InfiniteData<VideoPage>>({ queryKey: ["videos-of"] }, without);
  queryClient.setQueriesData<InfiniteData<Feed>>({ queryKey: ["feed"] }, without);
  queryClient.removeQueries({ queryKey: ["video", id] });
}
