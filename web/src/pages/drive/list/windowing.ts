/** The shape of a list whose rows are all alike, in CSS pixels. */
export interface Shape {
  readonly count: number;
  readonly columns: number;
  readonly rowHeight: number;
}

/** How many rows are kept ready above and below what is seen. */
const spareRows = 8;

export const rowCount = ({ count, columns }: Pick<Shape, "count" | "columns">): number => Math.ceil(count / columns);

/**
 * The rows that are drawn: `first` to before `last`, where `scrolled` pixels of the list are above the edge of what is
 * seen (below it where it is negative). Pure.
 */
export function windowOf(shape: Shape, scrolled: number, viewportHeight: number): { first: number; last: number } {
  const rows = rowCount(shape);
  const top = Math.floor(scrolled / shape.rowHeight) - spareRows;
  const bottom = Math.ceil((scrolled + viewportHeight) / shape.rowHeight) + spareRows;
  const first = Math.min(Math.max(0, top), rows);
  return { first, last: Math.max(first, Math.min(rows, bottom)) };
}

/** The scroll position that shows a row's upper edge; `null` if the row is in sight. Pure. */
export function scrollFor(
  { rowHeight }: Pick<Shape, "rowHeight">,
  row: number,
  scrolled: number,
  viewportHeight: number,
): number | null {
  const top = row * rowHeight;
  if (top < scrolled) return top;
  if (top + rowHeight > scrolled + viewportHeight) return top + rowHeight - viewportHeight;
  return null;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The places of what a rubber band touches, in a list of this width; tiles have a gap to their right and below. Pure. */
export function placesIn(shape: Shape, width: number, gap: number, band: Box): number[] {
  const { count, columns, rowHeight } = shape;
  const columnWidth = (width + gap) / columns;
  const places: number[] = [];
  const firstRow = Math.max(0, Math.floor((band.top + gap) / rowHeight));
  const lastRow = Math.min(rowCount(shape) - 1, Math.floor(band.bottom / rowHeight));
  for (let row = firstRow; row <= lastRow; row++) {
    for (let column = 0; column < columns; column++) {
      const columnLeft = column * columnWidth;
      const isBeside = band.right < columnLeft || band.left > columnLeft + columnWidth - gap;
      const place = row * columns + column;
      if (!isBeside && place < count) places.push(place);
    }
  }
  return places;
}
