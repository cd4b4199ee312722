import type { BlobStore, StoredBlob } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import { redrawn } from "#media/pictures/picture";
import { MediaRejected } from "#media/rejection";
import type { StoredFile } from "#services/upload/contract";
import { storeObject } from "./stored-object.ts";
import type { PicturePurpose } from "#media/pictures/picture";
import { pictureBytesMax } from "./purposes.ts";

export interface DrawnPicture extends StoredBlob {
  readonly width: number;
  readonly height: number;
}
export const pictureMime = "image/webp";

/** Re-encodes an uploaded picture and stores the result, so that none of its own bytes survive; undefined when it cannot be read. */
export async function drawPicture(
  blob: BlobStore,
  { key, sizeBytes }: StoredFile,
  purpose: PicturePurpose,
): Promise<DrawnPicture | undefined> {
  if (sizeBytes > pictureBytesMax) return undefined;
  const bytes = await bytesOf(blob, key);
  if (!bytes) return undefined;
  const drawn = await redrawn(bytes, purpose, ["webp"]).catch((error: unknown) => {
    if (error instanceof MediaRejected) return [];
    throw error;
  });
  const [picture] = drawn;
  if (!picture) return undefined;
  return { ...(await storeObject(blob, picture.bytes)), width: picture.width, height: picture.height };
}
