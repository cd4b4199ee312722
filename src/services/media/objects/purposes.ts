import type { PicturePurpose } from "#media/pictures/picture";
import type { StoredFile } from "#services/upload/contract";
import type { z } from "zod";
import type { Purpose } from "../contract.ts";

type Purposes = z.output<typeof Purpose>;
type File = Pick<StoredFile, "kind" | "mime">;

/** A picture of more bytes than this is not read into memory. */
export const pictureBytesMax = 64 * 2 ** 20;

/**
 * The kind of media object that a file becomes. `unsupported`: none; `not_a_picture`: the file cannot serve the purpose
 * it was uploaded for.
 */
export type Destiny =
  | { readonly kind: "image"; readonly purpose: Exclude<Purposes, "video"> }
  | { readonly kind: "video" | "audio"; readonly purpose: "video" }
  | "unsupported"
  | "not_a_picture";

/** Decides by content and purpose. A GIF is a picture where its purpose needs one, else a video. Pure. */
export function destinyOf({ kind, mime }: File, purpose: Purposes | undefined): Destiny {
  if (kind === "other") return "unsupported";
  const picturePurpose = purpose === undefined || purpose === "video" ? undefined : purpose;
  if (kind === "image" || (picturePurpose && mime.startsWith("image/")))
    return { kind: "image", purpose: picturePurpose ?? "picture" };
  return picturePurpose ? "not_a_picture" : { kind, purpose: "video" };
}

/**
 * Pictures of profiles are public. Others are for their owner alone; a `cover` is served under the addresses of its
 * video, to users who may see that.
 */
export const isPublicPurpose = (purpose: Purposes): boolean => purpose === "avatar" || purpose === "background";

/** The size a picture is drawn in. One without a purpose gets the largest. */
export const sizeFor = (purpose: Exclude<Purposes, "video">): PicturePurpose =>
  purpose === "picture" ? "background" : purpose;
