import type { Id } from "#kernel";

/** The meaning of an address in a message. */
export type Attached =
  | { readonly kind: "none" }
  /** A media object, by one of its addresses under whatever name the instance has. */
  | { readonly kind: "media"; readonly mediaId: Id }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "foreign" };

const ours =
  /^(?:https?:\/\/[^/]+)?\/api\/v1\/(?:media\/(\d{1,16})(?:\/picture)?|streaming\/media\/(\d{1,16})\/[^?#]*)(?:[?#].*)?$/;
/** A path below the root; nothing a browser takes for another host. */
const path = /^\/(?![/\\])[^\s\\<>"\p{Cc}]*$/u;

/** Resolves an address; one elsewhere is foreign, because fetching it would reveal the reader. Pure. */
export function attachedOf(address: string | undefined): Attached {
  if (address === undefined || address === "") return { kind: "none" };
  const [, asPicture, asStream] = ours.exec(address) ?? [];
  const mediaId = Number(asPicture ?? asStream ?? Number.NaN);
  if (Number.isSafeInteger(mediaId) && mediaId > 0) return { kind: "media", mediaId };
  return path.test(address) ? { kind: "path", path: address } : { kind: "foreign" };
}
