import type { Live } from "#base/api/types.ts";

/**
 * The picture of a room: its host's, else one of its stream; empty where there is none. One of another site is not asked
 * for, which would learn of it. Pure.
 */
export function coverOf({ cover, picture_url: newest }: Pick<Live, "cover" | "picture_url">): string {
  if (/^\/(?!\/)/.test(cover)) return cover;
  return newest === null ? "" : newest.replace(/^https?:\/\/[^/]+/, "");
}

/** Quiet colours of the host's own, in place of a picture. Pure. */
export function coloursOf({ owner_id }: Pick<Live, "owner_id">): string {
  const hue = (owner_id * 47) % 360;
  return `linear-gradient(135deg, oklch(0.42 0.11 ${hue}), oklch(0.24 0.06 ${(hue + 50) % 360}))`;
}
