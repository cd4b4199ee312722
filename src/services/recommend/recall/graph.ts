import { degreesOf, type Interactions } from "./interactions.ts";
import { type Kernel, lanes, type Sparse } from "./kernel.ts";

/**
 * Interactions as the kernel works with them. A vector of items lies in *scaled space* when each entry is divided by the
 * square root of its item's number of users: there, one step from items to users and back needs no other scaling.
 */
export interface Graph {
  readonly users: number;
  readonly items: number;
  /** Rows of a panel of items; an even number. */
  readonly itemRows: number;
  /** The square root of each item's number of users. */
  readonly roots: Float32Array;
  /** 1 / root; 0 for an item that nobody watched. */
  readonly inverseRoots: Float32Array;
  /** A panel of items, such as the result of a step. */
  readonly panel: () => Float32Array;
  /** From items to users and back: `G = Di⁻¹ Rᵀ Du⁻¹ R`, in scaled space; `input` and `out` may be the same. */
  readonly step: (input: Float32Array, out: Float32Array) => void;
}

/** Bytes of kernel memory that a graph takes, without the panels it is asked for. */
export const graphBytes = ({ users, items, byUser }: Interactions): number =>
  4 * (2 * byUser.columns.length + 3 * (users + items) + users * lanes) + 4_096;
export const panelBytes = ({ items }: Pick<Interactions, "items">): number => even(items) * lanes * 4;

const even = (count: number): number => count + (count % 2);

export function createGraph(kernel: Kernel, { users, items, byUser, byItem }: Interactions): Graph {
  const itemRows = even(items);
  const copyToKernel = (of: Sparse, rows: number): Sparse => {
    const starts = new Int32Array(rows + 1).fill(of.columns.length);
    starts.set(of.starts);
    return { starts: kernel.ints(starts), columns: kernel.ints(of.columns) };
  };
  const [itemsOf, usersOf] = [copyToKernel(byUser, users), copyToKernel(byItem, itemRows)];
  const [perUser, perItem, roots] = [kernel.floats(users), kernel.floats(itemRows), kernel.floats(itemRows)];
  for (const [user, count] of degreesOf(byUser).entries()) perUser[user] = count > 0 ? 1 / count : 0;
  for (const [item, count] of degreesOf(byItem).entries()) {
    perItem[item] = count > 0 ? 1 / count : 0;
    roots[item] = Math.sqrt(count);
  }
  const between = kernel.floats(users * lanes);
  return {
    users,
    items,
    itemRows,
    roots,
    inverseRoots: roots.map((root) => (root > 0 ? 1 / root : 0)),
    panel: () => kernel.floats(itemRows * lanes),
    step(input, out) {
      kernel.gather(itemsOf, perUser, input, between);
      kernel.gather(usersOf, perItem, between, out);
    },
  };
}

/** Multiplies each row of a panel with a number of its own. */
export function scaleRows(panel: Float32Array, factors: ArrayLike<number>): void {
  for (let row = 0; row < factors.length; row++) {
    const by = factors[row] ?? 0;
    for (let at = row * lanes; at < (row + 1) * lanes; at++) panel[at] = (panel[at] ?? 0) * by;
  }
}
