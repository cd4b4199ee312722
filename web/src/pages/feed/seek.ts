import type { RefObject } from "react";

/** Moves the watched video to a time, which may depend on where it is. */
export function seekIn(list: RefObject<HTMLDivElement | null>, timeOf: (nowS: number) => number): void {
  const player = list.current?.querySelector<HTMLVideoElement>("article:not([inert]) video");
  if (player != null) player.currentTime = Math.max(0, timeOf(player.currentTime));
}
