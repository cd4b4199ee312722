/** The list with one of it at another place; places beyond the list are its ends. Pure. */
export function moveItem<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const item = list[from];
  if (item === undefined) return [...list];
  const otherItems = list.toSpliced(from, 1);
  return otherItems.toSpliced(Math.min(Math.max(0, to), otherItems.length), 0, item);
}

/** Behind which one of the list something stands; nothing where it is the first. Pure. */
export const before = <Item>(list: readonly Item[], place: number): Item | undefined =>
  place <= 0 ? undefined : list[place - 1];

/** The row that a pointer is over, of rows whose middles are at these heights, while `from` is dragged. Pure. */
export const placeAt = (middles: readonly number[], from: number, y: number): number =>
  middles.filter((middle, place) => place !== from && middle < y).length;
