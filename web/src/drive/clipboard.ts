import { useSyncExternalStore } from "react";
import type { Listed } from "./entries.ts";

/** Entries that were cut or copied, until they are put somewhere. */
interface Held {
  how: "move" | "copy";
  entries: readonly Listed[];
}

let clipboard: Held | null = null;
const watchers = new Set<() => void>();

export function hold(next: Held | null): void {
  clipboard = next;
  for (const watcher of watchers) watcher();
}

export const useHeld = (): Held | null =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => clipboard,
  );
