import type { RefObject } from "react";
import { writeSound } from "../memory.ts";

export interface ElementControls {
  toggle: () => void;
  seek: (seconds: number) => void;
  /** Forward, or back, from where it is this very moment. */
  skip: (seconds: number) => void;
  toggleMuted: () => void;
  setVolume: (volume: number) => void;
  setRate: (rate: number) => void;
}

/** Sound needs a gesture that the page may not have had yet: it starts in silence rather than not at all. */
export function playOrMute(player: HTMLVideoElement, onRefused: () => void): void {
  player.play().catch((thrown: unknown) => {
    if (!(thrown instanceof DOMException) || thrown.name !== "NotAllowedError") return;
    player.muted = true;
    player.play().catch(onRefused);
  });
}

/** The controls that act on the element itself. */
export function elementControls(
  element: RefObject<HTMLVideoElement | null>,
  onSeek: (timeS: number) => void = () => undefined,
): ElementControls {
  const withPlayer = (work: (player: HTMLVideoElement) => void) => {
    if (element.current !== null) work(element.current);
  };
  const saveSound = (player: HTMLVideoElement) => writeSound({ volume: player.volume, isMuted: player.muted });
  const seek = (seconds: number) =>
    withPlayer((player) => {
      player.currentTime = Math.min(Math.max(0, seconds), player.duration || seconds);
      onSeek(player.currentTime);
    });
  const setMuted = (isMuted: boolean) =>
    withPlayer((player) => {
      player.muted = isMuted;
      if (!isMuted && player.volume === 0) player.volume = 0.5;
      saveSound(player);
    });
  return {
    toggle: () => withPlayer((player) => (player.paused ? void player.play().catch(() => undefined) : player.pause())),
    seek,
    skip: (seconds) => withPlayer((player) => seek(player.currentTime + seconds)),
    toggleMuted: () => withPlayer((player) => setMuted(!player.muted && player.volume > 0)),
    setVolume: (volume) =>
      withPlayer((player) => {
        player.volume = volume;
        player.muted = volume === 0;
        saveSound(player);
      }),
    setRate: (rate) =>
      withPlayer((player) => {
        player.playbackRate = rate;
      }),
  };
}
