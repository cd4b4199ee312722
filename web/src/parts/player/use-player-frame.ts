import { type FocusEventHandler, type PointerEventHandler, type RefObject, useRef, useState } from "react";
import { switchPip, useAwake, useFullscreen } from "./use-player-view.ts";

export interface PlayerFrame {
  /** The player: full screen shows nothing outside of it. */
  readonly region: RefObject<HTMLElement | null>;
  readonly showControls: boolean;
  readonly isFullscreen: boolean;
  readonly toggleFullscreen: () => void;
  readonly togglePip: () => void;
  /** Shows the controls for a while. */
  readonly wake: () => void;
  /** A menu is open: the controls stay. */
  readonly isPinned: boolean;
  readonly setPinned: (isPinned: boolean) => void;
  /** The attributes of the element around the player. */
  readonly attributes: {
    ref: RefObject<HTMLElement | null>;
    "data-theme": "dark";
    onPointerMove: () => void;
    onPointerLeave: PointerEventHandler;
    onFocus: FocusEventHandler;
  };
}

/** The frame of a player: its controls come with a movement and go after a while, and it can have the whole screen. */
export function usePlayerFrame(element: RefObject<HTMLVideoElement | null>, isPlaying: boolean): PlayerFrame {
  const region = useRef<HTMLElement>(null);
  const [isAwake, wake, hide] = useAwake();
  const [isPinned, setPinned] = useState(false);
  const [isFullscreen, toggleFullscreen] = useFullscreen(region);
  return {
    region,
    showControls: isAwake || isPinned || !isPlaying,
    isFullscreen,
    toggleFullscreen,
    togglePip: () => switchPip(element.current),
    wake,
    isPinned,
    setPinned,
    attributes: {
      ref: region,
      "data-theme": "dark",
      onPointerMove: wake,
      // A finger leaves with every tap, before the click of what it pressed.
      onPointerLeave: ({ pointerType }) => pointerType === "mouse" && hide(),
      onFocus: wake,
    },
  };
}
