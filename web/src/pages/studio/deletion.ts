import type { InfiniteData } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Failure } from "#base/api/request/failure.ts";
import type { Feed, Video, VideoPage } from "#base/api/types.ts";
import { deletions } from "#base/ui/sheets/deleting.ts";

/** Deletes one's own videos, one or several. */
export const { useHidden, deleteLater, deleteAllLater } = deletions(async (id) => {
  await ask("video.remove", { path: { id }, keepalive: true });
  dropFromCaches(id);
}, removeMany);

async function removeMany(ids: readonly number[]): Promise<void> {
  const { done, failed } = await ask("video.changeMany", { body: { ids: [...ids], delete: true }, keepalive: true });
  for (const id of done) dropFromCaches(id);
  const [first] = failed;
  if (first !== undefined) throw new Failure(0, first.error, "");
}

function dropFromCaches(id: number) {
  const without = <Item extends Video, Data extends { pages: { list: Item[] }[] }>(data: Data | undefined) =>
    data && {
      ...data,
      pages: data.pages.map((page) => ({ ...page, list: page.list.filter((video) => video.id !== id) })),
    };
  queryClient.setQueriesData<InfiniteData<VideoPage>>({ queryKey: keyOf("videos-of") }, without);
  queryClient.setQueriesData<InfiniteData<Feed>>({ queryKey: keyOf("feed") }, without);
  queryClient.removeQueries({ queryKey: keyOf("video", id) });
}
