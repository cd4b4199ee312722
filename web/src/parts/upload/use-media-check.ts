import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { refuseItem } from "./queue/queue.ts";
import type { Upload } from "./upload.ts";

const pollMs = 2_000;

/** A media object of one's own, until all is made of it. */
export const mediaQuery = (mediaId: number) =>
  queryOptions({
    queryKey: keyOf("media", mediaId),
    queryFn: ({ signal }) => ask("media.get", { path: { id: mediaId }, signal }),
    refetchInterval: ({ state }) =>
      state.data?.status === "ready" || state.data?.status === "failed" || state.status === "error" ? false : pollMs,
  });

/**
 * Looks at what the server made of a file before it is published: one that cannot be played is shown as failed, while
 * another can still be chosen for it. Returns the picture the upload is shown by.
 */
export function useMediaCheck({ key, status, frames, draft }: Upload): string | null {
  const mediaId = draft.media?.id ?? 0;
  const { data } = useQuery({ ...mediaQuery(mediaId), enabled: mediaId > 0 && status === "stored" });
  useEffect(() => {
    if (data?.status !== "failed" || status !== "stored") return;
    const { error, message } = data.status_reason ?? { error: "media.server_fault", message: "" };
    refuseItem(key, { code: error, message });
  }, [data, key, status]);
  const frame = frames.find(({ atS }) => atS === draft.coverAtS) ?? frames[0];
  if (draft.coverUrl !== null && draft.coverAtS === null) return draft.coverUrl;
  return frame?.url ?? draft.coverUrl ?? (data?.thumbnail_url || null);
}
