import { type PageInput, rowsByNumberMax } from "#kernel";
import { writeCursor } from "#kernel/cursor";

/** How many rows each of several services is asked for, so that a page of all of them can be cut from theirs. */
export const wantedOfEach = ({ skip, limit, count }: PageInput): number =>
  Math.max(skip + limit + 1, count ? rowsByNumberMax + 1 : 0);

/** A page of rows of several services that are in order; `keyOf` is the place of a row in that order. Pure. */
export function pageOfMerged<Row>(
  rows: readonly Row[],
  { skip, limit, count }: PageInput,
  keyOf: (row: Row) => readonly (number | string)[],
): { items: Row[]; next: string | null; total?: number } {
  const items = rows.slice(skip, skip + limit);
  const end = items.at(-1);
  return {
    items,
    next: rows.length > skip + limit && end ? writeCursor(keyOf(end)) : null,
    ...(count && { total: Math.min(rows.length, rowsByNumberMax + 1) }),
  };
}
