import { type RefObject, useEffect, useRef, useState } from "react";

/** Controls leave this long after the last movement. */
const restMs = 2600;

/** Into a window of its own, and back. */
export function switchPip(video: HTMLVideoElement | null): void {
  if (document.pictureInPictureElement !== null) void document.exitPictureInPicture();
  else video?.requestPictureInPicture().catch(() => undefined);
}

/** True while controls are shown: for a while after each movement. */
export function useAwake(): [isAwake: boolean, wake: () => void, rest: () => void] {
  const [isAwake, setAwake] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    timer.current = setTimeout(() => setAwake(false), restMs);
    return () => clearTimeout(timer.current);
  }, []);
  const hide = () => {
    clearTimeout(timer.current);
    setAwake(false);
  };
  const wake = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAwake(false), restMs);
    setAwake(true);
  };
  return [isAwake, wake, hide];
}

/** True while a player has the whole screen, and the way there and back. */
export function useFullscreen(region: RefObject<HTMLElement | null>): [isFullscreen: boolean, toggle: () => void] {
  const [isFullscreen, setFullscreen] = useState(false);
  useEffect(() => {
    const follow = () => setFullscreen(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", follow);
    return () => document.removeEventListener("fullscreenchange", follow);
  }, []);
  const toggle = () => {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    else region.current?.requestFullscreen().catch(() => undefined);
  };
  return [isFullscreen, toggle];
}
