const sideMax = 1920;

/** The size a frame is drawn in: its own, with a longer side of 1920 at most. Pure. */
export function frameSize(width: number, height: number): { readonly width: number; readonly height: number } {
  const by = Math.min(1, sideMax / Math.max(width, height, 1));
  return { width: Math.round(width * by), height: Math.round(height * by) };
}

/** The current frame of a video; `null` where the browser does not give it out, or there is nothing yet. */
export async function pictureOf(video: HTMLVideoElement): Promise<File | null> {
  if (video.videoWidth === 0) return null;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, frameSize(video.videoWidth, video.videoHeight));
  try {
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const bytes = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
    return bytes && new File([bytes], "frame.jpg", { type: "image/jpeg" });
  } catch {
    // A browser's own player may have fetched it from elsewhere.
    return null;
  }
}

/** True if a video's cover was chosen for it, by its address. Pure. */
export const isAutomatic = (coverUrl: string): boolean => coverUrl === "" || /\/cover\.jpg(?:\?|$)/.test(coverUrl);
