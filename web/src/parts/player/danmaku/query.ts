import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Danmaku } from "#base/api/types.ts";

/** Timed comments are fetched in stretches of this length. */
export const stretchS = 30;

export const danmakuQuery = (videoId: number, bucket: number) =>
  queryOptions({
    queryKey: keyOf("danmaku", videoId, bucket),
    queryFn: ({ signal }) => ask("interaction.danmaku", { path: { id: videoId }, query: { bucket }, signal }),
    staleTime: 60_000,
    retry: false,
  });

/** Shows a danmaku immediately after it was posted. */
export function showDanmaku(videoId: number, item: Danmaku): void {
  const { queryKey } = danmakuQuery(videoId, Math.floor(item.position / stretchS));
  queryClient.setQueryData<{ list: Danmaku[]; is_thinned: boolean }>(
    queryKey,
    (data) => data && { ...data, list: [...data.list, item] },
  );
}
