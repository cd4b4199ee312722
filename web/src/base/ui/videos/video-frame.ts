/** A browser that cannot play a file may never say so. */
const patienceMs = 8_000;

/** Opens a video that nobody sees, for its frames, and closes it again. @throws Error where this browser cannot play it */
export async function withVideo(
  src: string,
  preload: "auto" | "metadata",
  signal: AbortSignal,
  work: (video: HTMLVideoElement) => Promise<void>,
): Promise<void> {
  if (signal.aborted) return;
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, preload });
  try {
    const isReady = event(video, "loadeddata", signal);
    video.src = src;
    await isReady;
    if (video.videoWidth > 0) await work(video);
  } finally {
    video.removeAttribute("src");
    video.load();
  }
}

export async function seek(video: HTMLVideoElement, atS: number, signal?: AbortSignal): Promise<void> {
  const isThere = event(video, "seeked", signal);
  video.currentTime = atS;
  await isThere;
}

function event(video: HTMLVideoElement, name: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`no ${name}`));
    const timer = setTimeout(fail, patienceMs);
    for (const [kind, done] of [[name, resolve] as const, ["error", fail] as const])
      video.addEventListener(kind, () => (clearTimeout(timer), done()), { once: true });
    signal?.addEventListener("abort", () => (clearTimeout(timer), fail()), { once: true });
  });
}

/** A picture or frame as a JPEG of this height; null where the browser refuses. */
export async function drawPicture(
  picture: CanvasImageSource,
  width: number,
  height: number,
  heightPx: number,
): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.height = heightPx;
  canvas.width = Math.max(1, Math.round((heightPx * width) / height));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
}
