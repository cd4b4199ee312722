import type { Address } from "#base/api/playback-address.ts";
import type { CaptionTrack, Engine } from "./engine-port.ts";
import { nativeSounds, type SoundTrack } from "./sounds.ts";

interface NativeOptions {
  leavesCaptions?: boolean;
  onCaptions?: (tracks: readonly CaptionTrack[]) => void;
  onSounds?: (tracks: readonly SoundTrack[], chosen: number) => void;
  onFatal?: () => void;
}

/**
 * Plays HLS with the browser's own player, which reads each address once. Renewed tokens reach it as the cookie that the
 * answer with them sets, so nothing is interrupted; qualities are the browser's to choose.
 */
export function playNative(video: HTMLVideoElement, address: Address, options: NativeOptions): Engine {
  const tracks = () => [...video.textTracks].filter(({ kind }) => kind === "subtitles" || kind === "captions");
  const onAdded = () =>
    options.onCaptions?.(tracks().map(({ language, label }, index) => ({ index, language, label: label || language })));
  const chosenMode = options.leavesCaptions === true ? "hidden" : "showing";
  const sounds = nativeSounds(video);
  const reportSounds = () => {
    const all = sounds === undefined ? [] : Array.from(sounds);
    options.onSounds?.(
      all.map(({ language, label }, index) => ({ index, language, label: label || language })),
      all.findIndex(({ enabled }) => enabled),
    );
  };
  const reportFatal = () => options.onFatal?.();
  video.textTracks.addEventListener("addtrack", onAdded);
  for (const change of ["addtrack", "change"]) sounds?.addEventListener(change, reportSounds);
  video.addEventListener("error", reportFatal);
  video.src = address.url;
  return {
    setBuffer: () => undefined,
    chooseQuality: () => undefined,
    chooseCaptions: (index) => {
      for (const [place, track] of tracks().entries()) track.mode = place === index ? chosenMode : "disabled";
    },
    chooseSound: (index) => {
      for (const [place, track] of Array.from(sounds ?? []).entries()) track.enabled = place === index;
    },
    stop: () => {
      for (const change of ["addtrack", "change"]) sounds?.removeEventListener(change, reportSounds);
      video.textTracks.removeEventListener("addtrack", onAdded);
      video.removeEventListener("error", reportFatal);
    },
  };
}
