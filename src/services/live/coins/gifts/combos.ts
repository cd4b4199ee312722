import type { Combo, Series } from "./gift-store.ts";

/** How far apart two gifts of a combo are at most. */
export const comboMs = 3_000;

const keyOf = ({ liveId, userId, giftId, isAnonymous }: Series) => [liveId, userId, giftId, isAnonymous].join();

/** Counts the gifts of a batch on top of the last ones before it. Pure but for its own counts. */
export function createComboCounter(last: readonly Combo[], atMs: number) {
  const counts = new Map(
    last.filter((combo) => atMs - combo.atMs <= comboMs).map((combo) => [keyOf(combo), combo.comboCount]),
  );
  return (gift: Series & { readonly quantity: number }): number => {
    const count = (counts.get(keyOf(gift)) ?? 0) + gift.quantity;
    counts.set(keyOf(gift), count);
    return count;
  };
}
