import { useQuery } from "@tanstack/react-query";
import { taskQuery, videoQuery } from "#base/api/queries.ts";
import type { Task, Video } from "#base/api/types.ts";
import { isFetched, isNeverThere } from "#pages/studio/use-processing.ts";

const pollMs = 1000;
const isOver = (task: Task | undefined) =>
  task?.status === "completed" || task?.status === "failed" || task?.status === "cancelled";
const hasFile = (video: Video) => !isFetched(video) && !isNeverThere(video);

/** A published video and the task that prepares it, until it plays. */
export function useVideoProgress(videoId: number) {
  const video = useQuery({
    ...videoQuery(videoId),
    // A failed one may be tried again.
    refetchInterval: ({ state }) => ([0, 2].includes(state.data?.status ?? 0) ? pollMs : false),
  });
  const task = useQuery({
    ...taskQuery(video.data?.media_id ?? 0),
    enabled: video.data !== undefined && video.data.status < 3 && hasFile(video.data),
    refetchInterval: ({ state }) => (isOver(state.data) || state.status === "error" ? false : pollMs),
  });
  return { video, task };
}
