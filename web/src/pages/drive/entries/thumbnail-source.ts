import { previewOf } from "./preview-kind.ts";

/** Pictures up to here are their own thumbnails. */
const ownBytesMax = 2 * 2 ** 20;
/** Larger pictures are not loaded only to be shown small. */
const pictureBytesMax = 16 * 2 ** 20;

/** The source of a file's thumbnail: the file itself, or one made here; null for an icon alone. Pure. */
export function thumbnailSourceOf(entry: Parameters<typeof previewOf>[0] & { readonly size: number }) {
  const kind = previewOf(entry);
  if (kind === "video") return "made";
  if (kind !== "image" || entry.size > pictureBytesMax) return null;
  return entry.size <= ownBytesMax ? "own" : "made";
}
