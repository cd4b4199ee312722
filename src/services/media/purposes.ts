import type { PicturePurpose } from "#media/picture";
import type { StoredFile } from "#services/upload/contract";
import type { z } from "zod";
import type { Purpose } from "./contract.ts";

type Purposes = z.output<typeof Purpose>;
type File = Pick<StoredFile, "kind" | "mime">;

/** A picture of more bytes than this is not read into memory. */
export const pictureBytesMax = 64 * 2 ** 20;

/** What a file becomes. `unsupported`: nothing is made of it; `not_a_picture`: it cannot serve as what it was sent for. */
export type Destiny =
  | { readonly kind: "image"; readonly purpose: Exclude<Purposes, "video"> }
  | { readonly kind: "video" | "audio"; readonly purpose: "video" }
  | "unsupported"
  | "not_a_picture";

/** Decides by content and by what it was sent for. A GIF is a picture where a picture is wanted, else a video. Pure. */
export function destinyOf({ kind, mime }: File, purpose: Purposes | undefined): Destiny {
  if (kind === "other") return "unsupported";
  const wanted = purpose === undefined || purpose === "video" ? undefined : purpose;
  if (kind === "image" || (wanted && mime.startsWith("image/"))) return { kind: "image", purpose: wanted ?? "picture" };
  return wanted ? "not_a_picture" : { kind, purpose: "video" };
}

/**
 * Pictures everybody may fetch: those of profiles. Others are for their owner alone; a `cover` is shown to whoever may
 * see its video, under that video's own addresses.
 */
export const isPublicPurpose = (purpose: Purposes): boolean => purpose === "avatar" || purpose === "background";

/** The size it is drawn in. A picture for nothing in particular is kept as large as any. */
export const sizeFor = (purpose: Exclude<Purposes, "video">): PicturePurpose =>
  purpose === "picture" ? "background" : purpose;
