import { useSyncExternalStore } from "react";
import type { CaptionTrack, Quality } from "../player/engine.ts";
import { readCaptions, writeCaptions } from "../player/memory.ts";

/** What can be chosen of a video, and the height that is shown of it. */
export interface Tracks {
  readonly qualities: readonly Quality[];
  readonly captions: readonly CaptionTrack[];
  readonly heightPx: number;
}

const none: Tracks = { qualities: [], captions: [], heightPx: 0 };
let watched = none;
let mostPx: number | null = null;
const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
function changed(): void {
  for (const watcher of watchers) watcher();
}

/** The tracks of the watched video. */
export const useWatchedTracks = (): Tracks => useSyncExternalStore(watch, () => watched);

export function setWatchedTracks(tracks: Partial<Tracks>): void {
  watched = { ...none, ...tracks };
  changed();
}

/** The height every video of the feed is shown in, or the next lower one; `null` is automatic. It holds until the page goes. */
export const useMostPx = (): number | null => useSyncExternalStore(watch, () => mostPx);

export function chooseMostPx(heightPx: number | null): void {
  mostPx = heightPx;
  changed();
}

/** The language of the captions of every video, as in the player of the watch page; `null` for none. */
export const useCaptionLanguage = (): string | null => useSyncExternalStore(watch, readCaptions);

export function chooseCaptionLanguage(language: string | null): void {
  writeCaptions(language);
  changed();
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
