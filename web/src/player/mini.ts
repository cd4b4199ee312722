import { useSyncExternalStore } from "react";
import type { Video } from "../api/types.ts";

/** The video that goes on in the corner while its viewer is on another page. */
export interface Mini {
  readonly video: Video;
  /** Where it goes on, in seconds. */
  readonly atS: number;
}

let mini: Mini | null = null;
const watchers = new Set<() => void>();

/** Shows a video in the corner, or none. */
export function setMini(next: Mini | null): void {
  mini = next;
  for (const watcher of watchers) watcher();
}

export const useMini = (): Mini | null =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => mini,
  );
