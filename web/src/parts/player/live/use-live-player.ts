import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { type ElementControls, elementControls } from "../engine/element-controls.ts";
import { followPlayback, initialPlayback, type Playback, qualityListeners } from "../engine/playback.ts";
import { isAtEdge } from "./engine/delay.ts";
import { attachDirect } from "./engine/direct-engine.ts";
import { attachLive, type LiveEngine } from "./engine/live-engine.ts";
import type { Past } from "./engine/past.ts";

interface LivePlayerState extends Playback {
  /** A picture is there. */
  hasPicture: boolean;
  /** The browser wanted a gesture before there is sound. */
  isSilenced: boolean;
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
  /** True if there is a stream, or may be one. */
  isOn: boolean;
  /** Whatever this device remembers of its sound. */
  isSilent?: boolean;
  /** Played with the least delay, for a viewer who talks with the host. */
  isDirect?: boolean;
  /** The stream stopped, or came to its end. */
  onStall: () => void;
}

const startState = (isSilent: boolean): LivePlayerState => ({
  ...initialPlayback(),
  ...(isSilent && { volume: 1, isMuted: true }),
  hasPicture: false,
  isSilenced: false,
  ratio: 0,
});

/** Plays the stream of a room in the element while it is on, and yields the state of the player. */
export function useLivePlayer(
  element: RefObject<HTMLVideoElement | null>,
  liveId: number,
  { isOn, isSilent = false, isDirect = false, onStall }: LivePlayerOptions,
): LivePlayer {
  const [state, setState] = useState(() => startState(isSilent));
  const change = (part: Partial<LivePlayerState>) => setState((now) => ({ ...now, ...part }));
  const engine = useRef<LiveEngine | null>(null);
  const stalled = useRef(onStall);
  stalled.current = onStall;
  useEffect(() => {
    const player = element.current;
    if (player === null || !isOn) return undefined;
    const start = startState(isSilent);
    change(start);
    const attached = (isDirect ? attachDirect : attachLive)(player, liveId, qualityListeners(change));
    engine.current = attached;
    const listeners = streamListeners(player, start.isMuted, change, () => stalled.current());
    const stopFollowing = followPlayback(player, start, change, listeners);
    return () => {
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

interface PlaceInStream {
  readonly delayS: number | null;
  readonly past: Past | null;
}
const nowhere: PlaceInStream = { delayS: null, past: null };

/** The place of the picture in the stream, once a second, and when `look` is called. */
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

/** Listeners of a stream that a film has not: a first picture, a shape that changes, and a stall. */
function streamListeners(
  player: HTMLVideoElement,
  wasMuted: boolean,
  change: (part: Partial<LivePlayerState>) => void,
  onStall: () => void,
) {
  const updateShape = () => player.videoHeight > 0 && change({ ratio: player.videoWidth / player.videoHeight });
  return {
    playing: () => change({ isPlaying: true, isWaiting: false, hasPicture: true }),
    waiting: () => {
      change({ isWaiting: true });
      onStall();
    },
    ended: onStall,
    loadeddata: () => change({ hasPicture: true }),
    resize: () => void updateShape(),
    // Nobody but the browser's own rule mutes a player that has not been touched.
    volumechange: () =>
      change({
        volume: player.volume,
        isMuted: player.muted,
        ...(player.muted && !wasMuted && !navigator.userActivation?.hasBeenActive && { isSilenced: true }),
      }),
  };
}
