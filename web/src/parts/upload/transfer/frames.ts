import { drawPicture, seek, withVideo } from "#base/ui/videos/video-frame.ts";
import { pictureOf } from "./frame.ts";

/** A moment of a video as a small picture. */
export interface Frame {
  readonly atS: number;
  /** An address of this page; given back by {@link releaseFrames}. */
  readonly url: string;
}

export const momentsMax = 6;
const heightPx = 176;

/** Moments spread over a video, the first of them near its start; fewer where it is shorter than them. Pure. */
export function momentsOf(durationS: number): readonly number[] {
  if (!Number.isFinite(durationS) || durationS <= 0) return [0];
  const count = Math.max(1, Math.min(momentsMax, Math.floor(durationS * 2)));
  return Array.from({ length: count }, (_, n) => Math.round((100 * durationS * (n + 0.5)) / count) / 100);
}

// Files are decoded one after the other, as several at a time would stop the page.
let turn: Promise<unknown> = Promise.resolve();

/** Draws moments of a local file, each as soon as it is there; none where this browser cannot play it. */
export function drawFrames(file: File, signal: AbortSignal, onFrame: (frame: Frame) => void): void {
  const work = () =>
    withFile(file, signal, async (video) => {
      for (const atS of momentsOf(video.duration)) {
        if (signal.aborted) return;
        await seek(video, atS, signal);
        const bytes = await drawPicture(video, video.videoWidth, video.videoHeight, heightPx);
        if (bytes === null) return;
        const url = URL.createObjectURL(bytes);
        if (signal.aborted) URL.revokeObjectURL(url);
        else onFrame({ atS, url });
      }
    });
  turn = turn.then(work).catch(() => undefined);
}

/** A moment of a local file in the size of a cover. */
export async function coverAt(file: File, atS: number): Promise<File | null> {
  let picture: File | null = null;
  await withFile(file, new AbortController().signal, async (video) => {
    await seek(video, atS);
    picture = await pictureOf(video);
  }).catch(() => undefined);
  return picture;
}

export function releaseFrames(frames: readonly Frame[]): void {
  for (const { url } of frames) URL.revokeObjectURL(url);
}

async function withFile(
  file: File,
  signal: AbortSignal,
  work: (video: HTMLVideoElement) => Promise<void>,
): Promise<void> {
  const url = URL.createObjectURL(file);
  try {
    await withVideo(url, "auto", signal, work);
  } finally {
    URL.revokeObjectURL(url);
  }
}
