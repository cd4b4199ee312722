/** A part of the grid: some wide videos, then perhaps a shelf of upright ones. */
interface Part<Wide, Upright> {
  readonly wide: readonly Wide[];
  readonly upright: readonly Upright[];
}

/** The videos of one shape that are loaded; `isWhole` where no other come. */
interface Loaded<Video> {
  readonly list: readonly Video[];
  readonly isWhole: boolean;
}

/** How many upright videos one shelf shows. */
const shelfSize = 12;
/** How many rows of wide videos lie between two shelves, after the first row. */
const rowsBetween = 3;

/**
 * Mixes wide and upright videos: a shelf after the first row of wide ones and then after every third. Without wide
 * videos there are shelves alone. After the first part, rows and shelves that are not full wait while others may come:
 * a video that is shown never moves.
 */
export function mixShapes<Wide, Upright>(
  wide: Loaded<Wide>,
  upright: Loaded<Upright>,
  columns: number,
): Part<Wide, Upright>[] {
  const parts: Part<Wide, Upright>[] = [];
  for (let wideAt = 0, uprightAt = 0; wideAt < wide.list.length || uprightAt < upright.list.length; ) {
    const isFirst = parts.length === 0;
    const count = columns * (isFirst ? 1 : rowsBetween);
    const rows = wide.list.slice(wideAt, wideAt + count);
    const shelf = upright.list.slice(uprightAt, uprightAt + shelfSize);
    const isComplete = (rows.length === count || wide.isWhole) && (shelf.length === shelfSize || upright.isWhole);
    if (!isComplete && !isFirst) break;
    parts.push({ wide: rows, upright: shelf });
    wideAt += rows.length;
    uprightAt += shelf.length;
    if (!isComplete) break;
  }
  return parts;
}
