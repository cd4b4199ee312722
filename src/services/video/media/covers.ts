import type { Id } from "#kernel";

/** What stands for a video: a picture stored here, one elsewhere by its address, or neither for the automatic one. */
export interface Cover {
  readonly mediaId: Id | null;
  readonly url: string;
}

/** What an address given for a cover means. */
export type Address =
  | { readonly kind: "picture"; readonly mediaId: Id; readonly isAbsolute: boolean }
  /** The cover of a video as an answer spells it, sent back. */
  | { readonly kind: "shown"; readonly videoId: Id }
  | { readonly kind: "elsewhere" };

const ours =
  /^(https?:\/\/[^/]+)?\/api\/v1\/(?:media\/(\d{1,16})\/picture|streaming\/(\d{1,16})\/g\d+\/cover[^/]*)(?:[?#].*)?$/;

/** Tells what is stored here by its path alone, for an instance answers under any name. Pure. */
export function addressOf(url: string): Address {
  const [found, origin, mediaId, videoId] = ours.exec(url) ?? [];
  if (found === undefined) return { kind: "elsewhere" };
  if (mediaId !== undefined) return { kind: "picture", mediaId: Number(mediaId), isAbsolute: origin !== undefined };
  return { kind: "shown", videoId: Number(videoId) };
}
