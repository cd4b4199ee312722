import { readSound } from "../memory.ts";
import { playOrMute } from "./element-controls.ts";
import type { Quality } from "./engine-port.ts";

/** The state of an element and an engine that every player shows. */
export interface Playback {
  isPlaying: boolean;
  isWaiting: boolean;
  volume: number;
  isMuted: boolean;
  qualities: readonly Quality[];
  /** The rendition asked for; `null` is automatic. */
  quality: number | null;
  /** The height that is shown. */
  heightPx: number;
}

/** The state before anything plays, with the sound that this device remembers. */
export const initialPlayback = (): Playback => ({
  isPlaying: false,
  isWaiting: true,
  ...readSound(),
  qualities: [],
  quality: null,
  heightPx: 0,
});

type Change = (part: Partial<Playback>) => void;
type Listeners = Readonly<Record<string, () => void>>;

/** Takes the reports of an engine about renditions. */
export const qualityListeners = (change: Change) => ({
  onQualities: (qualities: readonly Quality[]) => change({ qualities }),
  onQuality: (heightPx: number) => change({ heightPx }),
});

/**
 * Follows an element with the sound of `sound`, and plays it as soon as it has data. `listeners` are those of one kind of
 * player; they replace the common ones of the same event. Returns the way to stop.
 */
export function followPlayback(
  element: HTMLVideoElement,
  { volume, isMuted }: Pick<Playback, "volume" | "isMuted">,
  change: Change,
  listeners: Listeners,
): () => void {
  element.volume = volume;
  element.muted = isMuted;
  const all: Listeners = {
    play: () => change({ isPlaying: true }),
    playing: () => change({ isPlaying: true, isWaiting: false }),
    pause: () => change({ isPlaying: false }),
    waiting: () => change({ isWaiting: true }),
    canplay: () => change({ isWaiting: false }),
    volumechange: () => change({ volume: element.volume, isMuted: element.muted }),
    ...listeners,
  };
  const begin = () => playOrMute(element, () => change({ isPlaying: false, isWaiting: false }));
  for (const [name, listener] of Object.entries(all)) element.addEventListener(name, listener);
  element.addEventListener("loadeddata", begin, { once: true });
  return () => {
    for (const [name, listener] of Object.entries(all)) element.removeEventListener(name, listener);
    element.removeEventListener("loadeddata", begin);
  };
}
