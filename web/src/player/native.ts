import type { Address } from "./address.ts";
import type { CaptionTrack, Engine } from "./engine.ts";

interface NativeOptions {
  onCaptions?: (tracks: readonly CaptionTrack[]) => void;
  onFatal?: () => void;
}

/**
 * Plays HLS with the browser's own player, which reads each address once. Renewed tokens reach it as the cookie that the
 * answer with them sets, so nothing is interrupted; qualities are the browser's to choose.
 */
export function playNative(video: HTMLVideoElement, address: Address, options: NativeOptions): Engine {
  const tracks = () => [...video.textTracks].filter(({ kind }) => kind === "subtitles" || kind === "captions");
  const told = () =>
    options.onCaptions?.(tracks().map(({ language, label }, index) => ({ index, language, label: label || language })));
  const failed = () => options.onFatal?.();
  video.textTracks.addEventListener("addtrack", told);
  video.addEventListener("error", failed);
  video.src = address.url;
  return {
    setBuffer: () => undefined,
    chooseQuality: () => undefined,
    chooseCaptions: (index) => {
      for (const [place, track] of tracks().entries()) track.mode = place === index ? "showing" : "disabled";
    },
    stop: () => {
      video.textTracks.removeEventListener("addtrack", told);
      video.removeEventListener("error", failed);
    },
  };
}
