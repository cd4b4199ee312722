export interface Space {
  readonly usedBytes: number;
  readonly reservedBytes: number;
}
export interface Bounds {
  readonly fileBytesMax: number;
  readonly quotaBytes: number;
}

/** The free space, never below zero: the quota may have been lowered. Pure. */
export const bytesLeft = ({ usedBytes, reservedBytes }: Space, { quotaBytes }: Bounds): number =>
  Math.max(0, quotaBytes - usedBytes - reservedBytes);

/**
 * The bytes that an upload may take: its announced size, else as much of the free space as one file may have.
 * `too_large` and `no_space` are reasons to refuse it. Pure.
 */
export function reservation(
  space: Space,
  bounds: Bounds,
  announcedBytes: number | undefined,
): number | "too_large" | "no_space" {
  const freeBytes = bytesLeft(space, bounds);
  if (announcedBytes !== undefined && announcedBytes > bounds.fileBytesMax) return "too_large";
  const reservedBytes = announcedBytes ?? Math.min(bounds.fileBytesMax, freeBytes);
  return reservedBytes > freeBytes || freeBytes === 0 ? "no_space" : reservedBytes;
}
