import type { InfiniteData } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ask } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { Feed, Video, VideoPage } from "../api/types.ts";

/** How long a deletion can be taken back. */
export const undoMs = 6000;

interface Pending {
  video: Video;
  timer: ReturnType<typeof setTimeout>;
  onFailed: (thrown: unknown) => void;
}

const pending = new Map<number, Pending>();
const watchers = new Set<() => void>();
let hidden: ReadonlySet<number> = new Set();

function changed() {
  hidden = new Set(pending.keys());
  for (const watcher of watchers) watcher();
}

/** The videos that are being deleted: hidden already, still there for a while. */
export const useHidden = (): ReadonlySet<number> =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => hidden,
  );

/** Hides the video at once and deletes it when nobody took it back in time. Returns the way to take it back. */
export function deleteLater(video: Video, onFailed: (thrown: unknown) => void): () => void {
  const timer = setTimeout(() => void deleteNow(video.id), undoMs);
  pending.set(video.id, { video, timer, onFailed });
  changed();
  return () => {
    clearTimeout(timer);
    pending.delete(video.id);
    changed();
  };
}

async function deleteNow(id: number) {
  const deletion = pending.get(id);
  if (deletion === undefined) return;
  clearTimeout(deletion.timer);
  try {
    await ask("video.remove", { path: { id }, keepalive: true });
    dropFromCaches(id);
  } catch (thrown) {
    deletion.onFailed(thrown);
  } finally {
    pending.delete(id);
    changed();
  }
}

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

// Who leaves does not want it back: the request outlives the page.
window.addEventListener("pagehide", () => {
  for (const id of pending.keys()) void deleteNow(id);
});
