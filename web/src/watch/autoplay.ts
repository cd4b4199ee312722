import { useSyncExternalStore } from "react";

const key = "kinora.autoplay";
const watchers = new Set<() => void>();
const isOn = (): boolean => localStorage.getItem(key) !== "off";

/** Whether the next video begins by itself, on this device. */
export function setAutoplay(isWanted: boolean): void {
  if (isWanted) localStorage.removeItem(key);
  else localStorage.setItem(key, "off");
  for (const watcher of watchers) watcher();
}

export const useAutoplay = (): boolean =>
  useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, isOn);
