import { useEffect, useRef } from "react";
import type { Video } from "#base/api/types.ts";
import type { Player } from "./use-player.ts";

const skipS = 10;

/** Shows what plays to headphones, keyboards and the lock screen, and obeys their keys. */
export function useMediaSession(video: Video, player: Player, onNext: (() => void) | null): void {
  const latest = useRef({ player, onNext });
  latest.current = { player, onNext };
  const { title, cover_url: cover } = video;
  const artist = video.user.nickname || video.user.username;
  useEffect(() => {
    if (!("mediaSession" in navigator)) return undefined;
    const { mediaSession } = navigator;
    const artwork = cover === "" ? [] : [{ src: new URL(cover, location.href).href }];
    mediaSession.metadata = new MediaMetadata({ title, artist, artwork });
    const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
      // A headphone that is taken off pauses what may be paused already.
      ["play", () => latest.current.player.isPlaying || latest.current.player.toggle()],
      ["pause", () => latest.current.player.isPlaying && latest.current.player.toggle()],
      ["seekbackward", ({ seekOffset }) => latest.current.player.skip(-(seekOffset ?? skipS))],
      ["seekforward", ({ seekOffset }) => latest.current.player.skip(seekOffset ?? skipS)],
      ["seekto", ({ seekTime }) => seekTime !== undefined && latest.current.player.seek(seekTime)],
      ["nexttrack", () => latest.current.onNext?.()],
    ];
    for (const [action, handler] of handlers) {
      try {
        mediaSession.setActionHandler(action, handler);
      } catch {
        // A browser that does not know this action has no key for it.
      }
    }
    return () => {
      mediaSession.metadata = null;
      for (const [action] of handlers) {
        try {
          mediaSession.setActionHandler(action, null);
        } catch {
          // As above.
        }
      }
    };
  }, [title, artist, cover]);
}
