import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask, withinSession } from "#base/api/request/client.ts";
import { exchange } from "#base/api/request/exchange.ts";
import { Failure } from "#base/api/request/failure.ts";
import type { ChannelAnalytics, VideoAnalytics } from "#base/api/types.ts";

export const periods = [7, 28, 90] as const;
export type Period = (typeof periods)[number];

/** Analytics of one's channel, or of one video of it. */
export const analyticsQuery = (videoId: number | null, days: Period) =>
  queryOptions({
    queryKey: keyOf("analytics", videoId, days),
    queryFn: ({ signal }): Promise<VideoAnalytics & Partial<Pick<ChannelAnalytics, "top">>> =>
      videoId === null
        ? ask("interaction.channelAnalytics", { query: { days }, signal })
        : ask("interaction.videoAnalytics", { path: { id: videoId }, query: { days }, signal }),
    staleTime: 0,
  });

/** Saves the series of a period as a file. */
export async function downloadCsv(videoId: number | null, days: Period): Promise<void> {
  const place = videoId === null ? "users/me" : `videos/${videoId}`;
  const url = `/api/v1/${place}/analytics?days=${days}`;
  const { status, text } = await withinSession(() => exchange("GET", url, { headers: { accept: "text/csv" } }));
  if (status !== 200) throw new Failure(status, "analytics.csv", "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = `analytics-${videoId ?? "channel"}-${days}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
