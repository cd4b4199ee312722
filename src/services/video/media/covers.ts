import type { Id } from "#kernel";

/** The cover of a video: a picture stored here, a path of this instance, or neither for the automatic one. */
export interface Cover {
  readonly mediaId: Id | null;
  readonly url: string;
}

/** The target of a cover's address. */
export type CoverAddress =
  | { readonly kind: "picture"; readonly mediaId: Id; readonly isAbsolute: boolean }
  /** The present cover of a video, as an answer has it. */
  | { readonly kind: "cover"; readonly videoId: Id }
  | { readonly kind: "elsewhere" };

const ownPath =
  /^(https?:\/\/[^/]+)?\/api\/v1\/(?:media\/(\d{1,16})\/picture|streaming\/(\d{1,16})\/g\d+\/cover[^/]*)(?:[?#].*)?$/;

/** Recognises own addresses by their path alone, as an instance has any number of names. Pure. */
export function addressOf(url: string): CoverAddress {
  const [match, origin, mediaId, videoId] = ownPath.exec(url) ?? [];
  if (match === undefined) return { kind: "elsewhere" };
  if (mediaId !== undefined) return { kind: "picture", mediaId: Number(mediaId), isAbsolute: origin !== undefined };
  return { kind: "cover", videoId: Number(videoId) };
}
