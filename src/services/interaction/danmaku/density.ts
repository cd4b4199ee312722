/** More danmaku in one second hide the picture; of these the older ones are left out. */
export const perSecondMax = 12;

/** Thins danmaku in the order of their positions, so that no second has more than `max`. Pure. */
export function thin<D extends { readonly id: number; readonly positionMs: number }>(
  items: readonly D[],
  max = perSecondMax,
): D[] {
  const perSecond = new Map<number, number>();
  const newest = items
    .toSorted((a, b) => b.id - a.id)
    .filter(({ positionMs }) => {
      const second = Math.floor(positionMs / 1_000);
      const n = perSecond.get(second) ?? 0;
      perSecond.set(second, n + 1);
      return n < max;
    });
  return newest.toSorted((a, b) => a.positionMs - b.positionMs || a.id - b.id);
}

export interface Filters {
  readonly words: readonly string[];
  readonly userIds: readonly number[];
  /** Authors that the viewer hid without knowing who they are. */
  readonly hiddenIds?: readonly number[];
  readonly modes: readonly string[];
}

/** True if a viewer with these filters sees the danmaku. Pure. */
export const passesFilters = (
  { content, userId, mode }: { readonly content: string; readonly userId: number; readonly mode: string },
  { words, userIds, hiddenIds = [], modes }: Filters,
): boolean => {
  const folded = content.normalize("NFKC").toLowerCase();
  return (
    !userIds.includes(userId) &&
    !hiddenIds.includes(userId) &&
    !modes.includes(mode) &&
    !words.some((word) => folded.includes(word.normalize("NFKC").toLowerCase()))
  );
};
