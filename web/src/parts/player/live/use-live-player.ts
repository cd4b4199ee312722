import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { type ElementControls, elementControls, playOrMute } from "../engine/element-controls.ts";
import type { Quality } from "../engine/engine-port.ts";
import { readSound } from "../memory.ts";
import { isAtEdge } from "./engine/delay.ts";
import { attachDirect } from "./engine/direct-engine.ts";
import { attachLive, type LiveEngine } from "./engine/live-engine.ts";
import type { Past } from "./engine/past.ts";

interface LivePlayerState {
  isPlaying: boolean;
  isWaiting: boolean;
  /** A picture is there. */
  hasPicture: boolean;
  /** The browser wanted a gesture before there is sound. */
  isSilenced: boolean;
  volume: number;
  isMuted: boolean;
  qualities: readonly Quality[];
  /** The rendition asked for; `null` is automatic. */
  quality: number | null;
  heightPx: number;
  /** Width over height of the picture; 0 while there is none. */
  ratio: number;
}

export interface LivePlayer extends LivePlayerState, Pick<ElementControls, "toggle" | "toggleMuted" | "setVolume"> {
  /** How far behind live the picture is, in seconds; `null` while that is unknown. */
  delayS: number | null;
  isAtEdge: boolean;
  /** How far back the viewer can go, and has gone. */
  past: Past | null;
  toEdge: () => void;
  /** To what happened so many seconds ago; the edge is 0. */
  goBack: (seconds: number) => void;
  chooseQuality: (index: number | null) => void;
}

interface LivePlayerOptions {
  /** Whether there is a stream, or may be one. */
  isOn: boolean;
  /** Whatever this device remembers of its sound. */
  isSilent?: boolean;
  /** Played with the least delay, for a viewer who talks with the host. */
  isDirect?: boolean;
  /** The stream stopped, or came to its end. */
  onStall: () => void;
}

const nothing: LivePlayerState = {
  isPlaying: false,
  isWaiting: true,
  hasPicture: false,
  isSilenced: false,
  volume: 1,
  isMuted: false,
  qualities: [],
  quality: null,
  heightPx: 0,
  ratio: 0,
};

/** Plays the stream of a room in the element while it is on, and yields the state of the player. */
export function useLivePlayer(
  element: RefObject<HTMLVideoElement | null>,
  liveId: number,
  { isOn, isSilent = false, isDirect = false, onStall }: LivePlayerOptions,
): LivePlayer {
  const [state, setState] = useState<LivePlayerState>(() => ({ ...nothing, ...soundOf(isSilent) }));
  const change = (part: Partial<LivePlayerState>) => setState((now) => ({ ...now, ...part }));
  const engine = useRef<LiveEngine | null>(null);
  const stalled = useRef(onStall);
  stalled.current = onStall;
  useEffect(() => {
    const player = element.current;
    if (player === null || !isOn) return undefined;
    const sound = soundOf(isSilent);
    player.volume = sound.volume;
    player.muted = sound.isMuted;
    change({ ...nothing, ...sound });
    const attached = (isDirect ? attachDirect : attachLive)(player, liveId, {
      onQualities: (qualities) => change({ qualities }),
      onQuality: (heightPx) => change({ heightPx }),
    });
    engine.current = attached;
    const stopFollowing = follow(player, change, () => stalled.current());
    const begin = () => playOrMute(player, () => change({ isPlaying: false, isWaiting: false }));
    player.addEventListener("loadeddata", begin, { once: true });
    return () => {
      player.removeEventListener("loadeddata", begin);
      stopFollowing();
      attached.stop();
      engine.current = null;
      change({ isPlaying: false, hasPicture: false });
    };
  }, [element, liveId, isOn, isSilent, isDirect]);
  const { delayS, past, look } = usePlace(engine, isOn && state.hasPicture);
  const { toggle, toggleMuted, setVolume } = elementControls(element);
  return {
    ...state,
    delayS,
    isAtEdge: isAtEdge(delayS, state.isPlaying),
    past,
    toggle,
    toggleMuted: () => {
      toggleMuted();
      change({ isSilenced: false });
    },
    setVolume,
    toEdge: () => {
      engine.current?.toEdge();
      void element.current?.play().catch(() => undefined);
    },
    goBack: (seconds) => {
      engine.current?.goBack(seconds);
      look();
    },
    chooseQuality: (index) => {
      engine.current?.chooseQuality(index);
      change({ quality: index });
    },
  };
}

const soundOf = (isSilent: boolean) => (isSilent ? { volume: 1, isMuted: true } : readSound());

interface PlaceInStream {
  readonly delayS: number | null;
  readonly past: Past | null;
}
const nowhere: PlaceInStream = { delayS: null, past: null };

/** Where in the stream the picture is, once a second, and when `look` is called. */
function usePlace(engine: RefObject<LiveEngine | null>, isOn: boolean): PlaceInStream & { look: () => void } {
  const [place, setPlace] = useState(nowhere);
  const look = useCallback(() => {
    const { current } = engine;
    setPlace(current === null ? nowhere : { delayS: current.delayS(), past: current.past() });
  }, [engine]);
  useEffect(() => {
    if (!isOn) return undefined;
    look();
    const timer = setInterval(look, 1_000);
    return () => {
      clearInterval(timer);
      setPlace(nowhere);
    };
  }, [look, isOn]);
  return { ...place, look };
}

function follow(
  player: HTMLVideoElement,
  change: (part: Partial<LivePlayerState>) => void,
  onStall: () => void,
): () => void {
  const wasMuted = player.muted;
  const shaped = () => player.videoHeight > 0 && change({ ratio: player.videoWidth / player.videoHeight });
  const events: Record<string, () => void> = {
    play: () => change({ isPlaying: true }),
    playing: () => change({ isPlaying: true, isWaiting: false, hasPicture: true }),
    pause: () => change({ isPlaying: false }),
    waiting: () => {
      change({ isWaiting: true });
      onStall();
    },
    ended: onStall,
    canplay: () => change({ isWaiting: false }),
    loadeddata: () => change({ hasPicture: true }),
    resize: () => void shaped(),
    // Nobody but the browser's own rule mutes a player that has not been touched.
    volumechange: () =>
      change({
        volume: player.volume,
        isMuted: player.muted,
        ...(player.muted && !wasMuted && !navigator.userActivation?.hasBeenActive && { isSilenced: true }),
      }),
  };
  for (const [name, listener] of Object.entries(events)) player.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(events)) player.removeEventListener(name, listener);
  };
}
