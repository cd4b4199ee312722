import { useEffect, useState } from "react";
import { drawPicture, seek, withVideo } from "#base/ui/videos/video-frame.ts";
import { contentUrl, type Listed } from "./entries.ts";
import { previewOf } from "./preview-kind.ts";
import { thumbnailSourceOf } from "./thumbnail-source.ts";
import { turnsOf } from "./turns.ts";

/** A small picture of a file. */
export interface MadeThumbnail {
  readonly url: string;
  /** Null for a picture. */
  readonly durationS: number | null;
}

const heightPx = 240;
const keptMax = 300;

/** Videos are opened by ranges, and pictures scaled down, in a few turns: a folder may have thousands. */
const turn = turnsOf(2);
const made = new Map<string, MadeThumbnail | null>();
const keyOf = ({ id, size }: Listed) => `${id} ${size}`;

/** The thumbnail of a file that is in sight, as soon as there is one. */
export function useThumbnail(entry: Listed): MadeThumbnail | null {
  const source = thumbnailSourceOf(entry);
  const key = keyOf(entry);
  const [thumbnail, setThumbnail] = useState(() => made.get(key) ?? null);
  useEffect(() => {
    if (source !== "made" || made.has(key)) return undefined;
    const leave = new AbortController();
    turn(leave.signal, () => make(entry, leave.signal)).then(
      (thumbnail) => {
        keep(key, thumbnail);
        setThumbnail(thumbnail);
      },
      // A file that this browser cannot open has its icon, and is not opened again.
      () => leave.signal.aborted || keep(key, null),
    );
    return () => leave.abort();
  }, [source, key]);
  return source === "own" ? { url: contentUrl(entry.id), durationS: null } : thumbnail;
}

function keep(key: string, thumbnail: MadeThumbnail | null): void {
  made.set(key, thumbnail);
  const [oldest] = made;
  if (made.size <= keptMax || oldest === undefined) return;
  made.delete(oldest[0]);
  if (oldest[1] !== null) URL.revokeObjectURL(oldest[1].url);
}

async function make(entry: Listed, signal: AbortSignal): Promise<MadeThumbnail | null> {
  let bytes: Blob | null = null;
  let durationS: number | null = null;
  if (previewOf(entry) === "video")
    await withVideo(contentUrl(entry.id), "metadata", signal, async (video) => {
      durationS = Number.isFinite(video.duration) ? video.duration : null;
      // Many begin with black.
      await seek(video, Math.min(1, (durationS ?? 0) / 3), signal);
      bytes = await drawPicture(video, video.videoWidth, video.videoHeight, heightPx);
    });
  else {
    const response = await fetch(contentUrl(entry.id), { signal });
    if (!response.ok) return null;
    const picture = await createImageBitmap(await response.blob(), { resizeHeight: heightPx, resizeQuality: "medium" });
    bytes = await drawPicture(picture, picture.width, picture.height, heightPx);
    picture.close();
  }
  return bytes && { url: URL.createObjectURL(bytes), durationS };
}
