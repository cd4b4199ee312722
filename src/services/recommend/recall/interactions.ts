import type { Sparse } from "./kernel.ts";

/** The watched items of users. Users and items are numbered from 0, and each pair is there once. */
export interface Interactions {
  readonly users: number;
  readonly items: number;
  /** The items of each user, and the users of each item, ascending. */
  readonly byUser: Sparse;
  readonly byItem: Sparse;
}

/** From lists of items by user; repeated items count once. @throws RangeError for an item that is not below `items` */
export function interactionsOf(histories: readonly (readonly number[])[], items: number): Interactions {
  const sets = histories.map((history) => [...new Set(history)].toSorted((a, b) => a - b));
  for (const history of sets)
    for (const item of history) if (!(item >= 0 && item < items)) throw new RangeError(`no item ${item}`);
  const byUser = sparseOf(sets);
  return { users: sets.length, items, byUser, byItem: transpose(byUser, items) };
}

function sparseOf(rows: readonly (readonly number[])[]): Sparse {
  const starts = new Int32Array(rows.length + 1);
  for (const [row, columns] of rows.entries()) starts[row + 1] = (starts[row] ?? 0) + columns.length;
  const columns = new Int32Array(starts[rows.length] ?? 0);
  for (const [row, rowColumns] of rows.entries()) columns.set(rowColumns, starts[row]);
  return { starts, columns };
}

function transpose({ starts, columns }: Sparse, rows: number): Sparse {
  const turned = { starts: new Int32Array(rows + 1), columns: new Int32Array(columns.length) };
  for (const column of columns) turned.starts[column + 1] = (turned.starts[column + 1] ?? 0) + 1;
  for (let row = 0; row < rows; row++)
    turned.starts[row + 1] = (turned.starts[row + 1] ?? 0) + (turned.starts[row] ?? 0);
  const next = turned.starts.slice();
  for (let row = 0; row + 1 < starts.length; row++)
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++) {
      const column = columns[at] ?? 0;
      const place = next[column] ?? 0;
      turned.columns[place] = row;
      next[column] = place + 1;
    }
  return turned;
}

export const rowOf = ({ starts, columns }: Sparse, row: number): Int32Array =>
  columns.subarray(starts[row], starts[row + 1]);

/** How many entries each row has. */
export const degreesOf = ({ starts }: Sparse): Float64Array =>
  Float64Array.from({ length: starts.length - 1 }, (_, row) => (starts[row + 1] ?? 0) - (starts[row] ?? 0));
