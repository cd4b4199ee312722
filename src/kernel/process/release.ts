/** The parts of a version that decide which versions work together. */
interface Release {
  readonly major: number;
  readonly minor: number;
}

/** @returns undefined for a text that is no version. */
function releaseOf(version: string): Release | undefined {
  const [, major, minor] = /^(\d{1,6})\.(\d{1,6})\.\d{1,6}(?:[-+].*)?$/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/**
 * True if processes of both versions may run together: their minor versions are the same or neighbours. The first minor
 * version of a major one is a neighbour of every minor version of the major one before.
 */
export function areNeighbours(version: string, otherVersion: string): boolean {
  const [older, newer] = [releaseOf(version), releaseOf(otherVersion)].toSorted(byAge);
  if (older === undefined || newer === undefined) return false;
  if (older.major === newer.major) return newer.minor - older.minor <= 1;
  return newer.major - older.major === 1 && newer.minor === 0;
}

const byAge = (a: Release | undefined, b: Release | undefined): number =>
  (a?.major ?? 0) - (b?.major ?? 0) || (a?.minor ?? 0) - (b?.minor ?? 0);
