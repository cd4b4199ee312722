import { MediaRejected } from "../rejection.ts";
import { sniff, sniffBytesMax } from "../sniff.ts";

/** The purpose of a picture decides its size. Avatars are cut to a square, the others keep their shape. */
export const picturePurposes = {
  avatar: { width: 512, height: 512, fit: "cover" },
  cover: { width: 1280, height: 1280, fit: "inside" },
  background: { width: 1920, height: 1080, fit: "inside" },
} as const;
export type PicturePurpose = keyof typeof picturePurposes;
export type PictureFormat = "webp" | "jpeg";

export interface Picture {
  readonly bytes: Uint8Array;
  readonly mime: `image/${PictureFormat}`;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a picture before it is scaled: 50 million, as the larger cameras make. */
const pixelsMax = 50_000_000;
const rasters = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]);

/**
 * Draws an uploaded picture anew in each of `formats`: upright, without tags (place, camera), opaque, never enlarged.
 * Nothing of the original's bytes survives. Throws `MediaRejected` for what is no raster picture, SVG included.
 */
export async function redrawn(
  bytes: Uint8Array,
  purpose: PicturePurpose,
  formats: readonly PictureFormat[],
): Promise<Picture[]> {
  if (bytes.byteLength === 0) throw new MediaRejected("media.empty");
  const mime = sniff(bytes.subarray(0, sniffBytesMax))?.mime;
  if (mime === undefined || !rasters.has(mime)) throw new MediaRejected("media.unsupported");
  // Loaded when first needed: the decoders take memory that an idle server does not have to give.
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  const { width, height, fit } = picturePurposes[purpose];
  try {
    const source = sharp(bytes, { limitInputPixels: pixelsMax, failOn: "error", pages: 1 });
    const { width: fullWidth, height: fullHeight } = await source.metadata();
    const side = Math.min(width, fullWidth, fullHeight);
    const upright = source
      .autoOrient()
      .resize({
        ...(fit === "cover" ? { width: side, height: side } : { width, height }),
        fit,
        withoutEnlargement: true,
      })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb");
    return await Promise.all(
      formats.map(async (format): Promise<Picture> => {
        const drawn = upright.clone();
        const encoded = format === "webp" ? drawn.webp({ quality: 82 }) : drawn.jpeg({ quality: 84, mozjpeg: true });
        const { data, info } = await encoded.toBuffer({ resolveWithObject: true });
        return { bytes: data, mime: `image/${format}`, width: info.width, height: info.height };
      }),
    );
  } catch (cause) {
    const isTooLarge = cause instanceof Error && /exceeds pixel limit/.test(cause.message);
    throw new MediaRejected(isTooLarge ? "media.too_many_pixels" : "media.unreadable", { cause });
  }
}
