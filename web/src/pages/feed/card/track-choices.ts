import { useSyncExternalStore } from "react";
import { createListeners } from "#base/api/session/listeners.ts";
import { createDeviceStore, useStore } from "#base/api/session/store.ts";
import type { CaptionTrack, Quality } from "#parts/player/engine/engine-port.ts";
import { readCaptions, writeCaptions } from "#parts/player/memory.ts";

/** The tracks of a video that can be chosen, and the height that is shown. */
export interface Tracks {
  readonly qualities: readonly Quality[];
  readonly captions: readonly CaptionTrack[];
  readonly heightPx: number;
}

const none: Tracks = { qualities: [], captions: [], heightPx: 0 };
const watchedTracks = createDeviceStore(none);
const mostPx = createDeviceStore<number | null>(null);
const captionListeners = createListeners();

/** The tracks of the watched video. */
export const useWatchedTracks = (): Tracks => useStore(watchedTracks);

export const setWatchedTracks = (tracks: Partial<Tracks>): void => watchedTracks.set({ ...none, ...tracks });

/** The height every video of the feed is shown in, or the next lower one; `null` is automatic. It holds until the page goes. */
export const useMostPx = (): number | null => useStore(mostPx);

export const chooseMostPx = mostPx.set;

/** The language of the captions of every video, as in the player of the watch page; `null` for none. */
export const useCaptionLanguage = (): string | null => useSyncExternalStore(captionListeners.subscribe, readCaptions);

export function chooseCaptionLanguage(language: string | null): void {
  writeCaptions(language);
  captionListeners.notify();
}

/** The highest of the qualities that is not above a height; the lowest where all are; `null` for automatic. Pure. */
export function qualityAt(qualities: readonly Quality[], heightPx: number | null): Quality | null {
  if (heightPx === null) return null;
  const sorted = qualities.toSorted((a, b) => b.heightPx - a.heightPx);
  return sorted.find((quality) => quality.heightPx <= heightPx) ?? sorted.at(-1) ?? null;
}

/** The captions in a language; `null` where there are none. Pure. */
export const captionsIn = (captions: readonly CaptionTrack[], language: string | null): CaptionTrack | null =>
  captions.find((track) => track.language === language) ?? null;
