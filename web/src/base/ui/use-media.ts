import { useSyncExternalStore } from "react";

/** A hook that says whether a media query matches now, and again when that changes. */
export function mediaHook(query: string): () => boolean {
  const list = window.matchMedia(query);
  const watch = (watcher: () => void) => {
    list.addEventListener("change", watcher);
    return () => list.removeEventListener("change", watcher);
  };
  return () => useSyncExternalStore(watch, () => list.matches);
}

/** As `lg2` of the styles: where there is room for three columns. */
export const useIsDesk = mediaHook("(min-width: 1101px)");
