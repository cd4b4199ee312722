export interface Space {
  readonly usedBytes: number;
  readonly reservedBytes: number;
}
export interface Bounds {
  readonly fileBytesMax: number;
  readonly quotaBytes: number;
}

/** What is still free, never below zero: the quota may have been lowered. Pure. */
export const bytesLeft = ({ usedBytes, reservedBytes }: Space, { quotaBytes }: Bounds): number =>
  Math.max(0, quotaBytes - usedBytes - reservedBytes);

/**
 * What an upload may take: its announced size, else as much as one file may have of what is left. `too_large` and
 * `no_space` say why it may not begin. Pure.
 */
export function reservation(
  space: Space,
  bounds: Bounds,
  announcedBytes: number | undefined,
): number | "too_large" | "no_space" {
  const left = bytesLeft(space, bounds);
  if (announcedBytes !== undefined && announcedBytes > bounds.fileBytesMax) return "too_large";
  const reservedBytes = announcedBytes ?? Math.min(bounds.fileBytesMax, left);
  return reservedBytes > left || left === 0 ? "no_space" : reservedBytes;
}
