import { type RefObject, useEffect, useState } from "react";
import { lockedLive, keepUnlock, unlockOf } from "#base/api/request/unlocks.ts";
import { playOrMute } from "#parts/player/engine/element-controls.ts";
import { attachDirect } from "#parts/player/live/engine/direct-engine.ts";
import { attachLive } from "#parts/player/live/engine/live-engine.ts";

/** The sound of the player that a stream stands beside. */
export interface Sound {
  readonly volume: number;
  readonly isMuted: boolean;
  readonly isPlaying: boolean;
}

interface StreamOptions {
  readonly liveId: number;
  /** The room it is shown in. */
  readonly roomId: number;
  readonly isDirect: boolean;
  readonly sound: Sound;
}

/** Plays a guest's stream in an element, as loud as the player beside it unless it is muted itself. */
export function useStream(
  element: RefObject<HTMLVideoElement | null>,
  { liveId, roomId, isDirect, sound }: StreamOptions,
): { hasPicture: boolean; isMuted: boolean; setMuted: (isMuted: boolean) => void } {
  const [hasPicture, setPicture] = useState(false);
  const [isMuted, setMuted] = useState(false);
  useEffect(() => {
    const video = element.current;
    if (video === null) return undefined;
    // Viewers of a room may watch its guests: the password of the one opens the other.
    const unlock = unlockOf(lockedLive(roomId));
    if (unlock !== undefined) keepUnlock(lockedLive(liveId), unlock);
    const listening = new AbortController();
    const { signal } = listening;
    video.addEventListener("loadeddata", () => playOrMute(video, () => undefined), { signal });
    video.addEventListener("playing", () => setPicture(true), { signal });
    video.addEventListener("emptied", () => setPicture(false), { signal });
    const nothing = () => undefined;
    const attached = (isDirect ? attachDirect : attachLive)(video, liveId, {
      onQualities: nothing,
      onQuality: nothing,
    });
    return () => {
      listening.abort();
      attached.stop();
      setPicture(false);
    };
  }, [element, liveId, roomId, isDirect]);
  const isSilent = isMuted || sound.isMuted;
  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.volume = sound.volume;
    video.muted = isSilent;
    if (!sound.isPlaying) video.pause();
    else if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) playOrMute(video, () => undefined);
  }, [element, isSilent, sound.volume, sound.isPlaying, hasPicture]);
  return { hasPicture, isMuted: isSilent, setMuted };
}
