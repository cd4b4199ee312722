import { useSyncExternalStore } from "react";
import { createListeners } from "#base/api/session/listeners.ts";

const key = "kinora.autoplay";
const listeners = createListeners();
const isOn = (): boolean => localStorage.getItem(key) !== "off";

/** Lets the next video begin by itself on this device, or not. */
export function setAutoplay(isWanted: boolean): void {
  if (isWanted) localStorage.removeItem(key);
  else localStorage.setItem(key, "off");
  listeners.notify();
}

export const useAutoplay = (): boolean => useSyncExternalStore(listeners.subscribe, isOn);
