/**
 * Has a video that plays go on where its source is loaded anew, as after a fault of the decoder: the fault and the loading
 * pause it, which the viewer did not. Until the signal.
 */
export function keepPlaying(video: HTMLVideoElement, signal: AbortSignal): void {
  let isWanted = !video.paused;
  const on = (name: string, work: () => void) => video.addEventListener(name, work, { signal });
  on("play", () => (isWanted = true));
  on("pause", () => {
    if (video.error === null) isWanted = false;
  });
  on("loadeddata", () => {
    if (isWanted && video.paused) void video.play().catch(() => undefined);
  });
}
