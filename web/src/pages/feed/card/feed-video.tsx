import { type RefObject, useEffect, useRef, useState } from "react";
import { streamOf } from "#base/api/playback-address.ts";
import type { Video } from "#base/api/types.ts";
import { lazyFrame } from "#base/ui/loading/lazy-part.tsx";
import type { Engine } from "#parts/player/engine/engine-port.ts";
import { attach } from "#parts/player/engine/engine.ts";
import { reportPlay, type Source } from "#parts/player/report-play.ts";
import type { Tracks } from "./track-choices.ts";

const FeedTracks = lazyFrame(() => import("./feed-tracks.tsx"), "FeedTracks");

interface FeedVideoProps {
  video: Video;
  /** The feed it is in, for the analytics of its author. */
  source: Source;
  element: RefObject<HTMLVideoElement | null>;
  progress: RefObject<HTMLDivElement | null>;
  /** The place of captions, over the words. */
  captions: RefObject<HTMLDivElement | null>;
  isActive: boolean;
  isPaused: boolean;
  isMuted: boolean;
  rate: number;
  fit: "cover" | "contain";
  onPicture: () => void;
  onBlocked: () => void;
  onFailed: () => void;
}

/** Seconds fetched ahead: a waiting card wants its first frames only, the watched one wants calm. */
const waitingBufferS = 4;
const watchedBufferS = 20;

/** The living player of one card. It exists for the watched video and its next neighbours only. */
export function FeedVideo(props: FeedVideoProps) {
  const { video, source, element, progress, captions, isActive, isMuted, rate, fit, onPicture } = props;
  const [hasPicture, setPicture] = useState(false);

  // First, because React cleans up in this order: the watched part is reported before the player is stopped.
  useEffect(() => {
    const player = element.current;
    if (player === null || !isActive) return;
    return reportPlay(video.id, player, source);
  }, [element, isActive, video.id, source]);

  const [engine, tracks] = useFeedEngine(props);

  useEffect(() => {
    const player = element.current;
    if (player === null) return;
    engine.current?.setBuffer(isActive ? watchedBufferS : waitingBufferS);
    if (isActive) return;
    player.pause();
    player.currentTime = 0;
  }, [element, isActive, video.id]);

  useEffect(() => {
    const player = element.current;
    if (player === null) return;
    // A property, not an attribute: React writes `muted` only once.
    player.muted = isMuted;
    player.playbackRate = rate;
  }, [element, isMuted, rate]);

  usePlayback(props);

  const showProgress = () => {
    const player = element.current;
    if (player === null || progress.current === null || !isActive) return;
    const part = player.duration > 0 ? player.currentTime / player.duration : 0;
    progress.current.style.scale = `${part} 1`;
  };

  return (
    <>
      <video
        ref={element}
        loop
        muted
        playsInline
        preload="auto"
        disableRemotePlayback
        tabIndex={-1}
        aria-hidden
        className={`absolute inset-0 size-full opacity-0 data-ready:opacity-100 ${fit === "cover" ? "object-cover" : "object-contain"} sm:object-cover`}
        onLoadedData={(event) => {
          event.currentTarget.setAttribute("data-ready", "");
          setPicture(true);
          onPicture();
        }}
        onTimeUpdate={showProgress}
      />
      {hasPicture && <FeedTracks {...{ engine, element, tracks, isActive }} place={captions} />}
    </>
  );
}

type EngineProps = Pick<FeedVideoProps, "video" | "element" | "onFailed">;

/** Plays the video in the element, and says what can be chosen of it. */
function useFeedEngine({ video, element, onFailed }: EngineProps): [RefObject<Engine | null>, Partial<Tracks>] {
  const engine = useRef<Engine | null>(null);
  const [tracks, setTracks] = useState<Partial<Tracks>>({});
  const failed = useRef(onFailed);
  failed.current = onFailed;
  useEffect(() => {
    const player = element.current;
    if (player === null || video.hls_url === "") return;
    const change = (part: Partial<Tracks>) => setTracks((now) => ({ ...now, ...part }));
    const attached = attach(player, video.hls_url, {
      bufferS: waitingBufferS,
      capToSize: true,
      leavesCaptions: true,
      onQualities: (qualities) => change({ qualities }),
      onQuality: (heightPx) => change({ heightPx }),
      onCaptions: (captions) => change({ captions }),
      onFatal: () => failed.current(),
    });
    engine.current = attached;
    return () => attached.stop();
  }, [element, streamOf(video.hls_url)]);
  return [engine, tracks];
}

type PlaybackProps = Pick<FeedVideoProps, "element" | "isActive" | "isPaused" | "isMuted" | "onBlocked">;

/** Plays the watched video while it is not paused and its page is seen. */
function usePlayback({ element, isActive, isPaused, isMuted, onBlocked }: PlaybackProps): void {
  const blocked = useRef(onBlocked);
  blocked.current = onBlocked;
  useEffect(() => {
    const player = element.current;
    if (player === null || !isActive) return;
    const follow = () => {
      if (isPaused || document.hidden) {
        player.pause();
        return;
      }
      player.play().catch((thrown: unknown) => {
        // Without a gesture browsers refuse sound, so it goes on in silence; an interrupted start is no problem.
        if (thrown instanceof DOMException && thrown.name === "NotAllowedError") blocked.current();
      });
    };
    follow();
    // A source that is attached later stops what was begun before it: begin again when its first frame is there.
    player.addEventListener("loadeddata", follow);
    document.addEventListener("visibilitychange", follow);
    return () => {
      player.removeEventListener("loadeddata", follow);
      document.removeEventListener("visibilitychange", follow);
    };
  }, [element, isActive, isPaused, isMuted]);
}
