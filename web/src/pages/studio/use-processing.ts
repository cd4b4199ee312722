import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { taskQuery } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Task, Video } from "#base/api/types.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** True for a task that waits or runs. */
export const isUnderWay = (task: Task | undefined): boolean => task?.status === "queued" || task?.status === "running";

/** True while its file is fetched from an address: nothing is made of it yet. */
export const isFetched = ({ status, status_reason: reason }: Video): boolean =>
  status === 0 && reason?.error === "video.fetching";

/** True if its file could not be fetched from its address: there is none here. */
export const isNeverThere = ({ status, status_reason: reason }: Video): boolean =>
  status === 2 && /^(?:upload|outgoing|video|kernel)\./.test(reason?.error ?? "");

/** Failures that may pass on a retry; all other reasons lie in the file. */
const passing: ReadonlySet<string> = new Set([
  "media.cancelled",
  "media.decoder_failed",
  "media.result_short",
  "media.server_fault",
  "media.too_slow",
  "media.too_costly",
  "media.short_of_memory",
]);

interface Processing {
  isBusy: boolean;
  cancel: () => void;
  retry: () => void;
}

/** Ends the processing of one's own video, and begins it anew. A cancellation is taken back by beginning anew. */
export function useProcessingActions({ id, title, media_id: mediaId }: Video): Processing {
  const { t } = useTranslation();
  const { run: change, isBusy } = useAction((work: () => Promise<void>) => work(), {
    failure: "toast",
    changes: [taskQuery(mediaId).queryKey, keyOf("video", id), keyOf("videos-of")],
  });
  const retry = () => void change(async () => void (await ask("media.transcode", { path: { id: mediaId }, body: {} })));
  const cancel = () =>
    void change(async () => {
      const { task_id: taskId } = await ask("media.task", { path: { id: mediaId } });
      await ask("media.cancel", { path: { id: taskId }, body: {} });
      showToast(t("processing.cancelled", { title }), { name: t("processing.again"), run: retry });
    });
  return { isBusy, cancel, retry };
}

export interface ProcessingState {
  /** The newest task of the video. */
  readonly task: Task | undefined;
  readonly isRunning: boolean;
  readonly mayRetry: boolean;
}

/** How the processing of one's own video is, by its newest task; a failed one may be tried again meanwhile. */
export function useProcessing(video: Video, pollMs: number): ProcessingState {
  const isOpen = video.status === 0 || video.status === 2;
  const { data: task } = useQuery({
    ...taskQuery(video.media_id),
    enabled: isOpen && !isFetched(video) && !isNeverThere(video),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? pollMs : false),
  });
  const isRunning = isOpen && isUnderWay(task);
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !isRunning) void invalidate(keyOf("videos-of"));
    wasRunning.current = isRunning;
  }, [isRunning]);
  const mayRetry = video.status === 2 && !isRunning && passing.has(video.status_reason?.error ?? "");
  return { task, isRunning, mayRetry };
}
