/** A sound the viewer can choose, such as the film in another language. */
export interface SoundTrack {
  index: number;
  language: string;
  label: string;
}

/** The one after this, and after the last the first; null where there is no other. */
export function soundAfter(sounds: readonly SoundTrack[], chosen: number): number | null {
  if (sounds.length < 2) return null;
  const place = sounds.findIndex(({ index }) => index === chosen);
  return sounds[(place + 1) % sounds.length]?.index ?? null;
}

/** An interface of Safari alone; no other browser plays HLS without Media Source Extensions. */
interface AudioTracks
  extends EventTarget,
    ArrayLike<{ enabled: boolean; readonly language: string; readonly label: string }> {}

/** The sounds the browser's own player found. */
export const nativeSounds = (
  video: HTMLVideoElement & { readonly audioTracks?: AudioTracks },
): AudioTracks | undefined => video.audioTracks;
