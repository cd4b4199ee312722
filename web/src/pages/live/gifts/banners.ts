import type { GiftLine } from "../feed/lines.ts";

/** A gift as it is shown over the picture: the gifts of a combo are one. */
export interface Banner {
  readonly key: string;
  readonly gift: GiftLine;
  /** How many of the gift were given in a row. */
  readonly count: number;
  readonly untilMs: number;
}

/** How long a banner stays after the last gift of its combo. */
const shownMs = 4_500;
const bannersMax = 3;

/** The key of gifts that are merged: nothing distinguishes anonymous viewers. */
const seriesOf = ({ userId, giftId, recordId }: GiftLine): string =>
  userId === 0 ? `record ${recordId}` : `${userId} ${giftId}`;

/** Adds a gift. If there are too many, the one that was to leave first does. Pure. */
export function withGift(banners: readonly Banner[], gift: GiftLine, nowMs: number): readonly Banner[] {
  const key = seriesOf(gift);
  const former = banners.find((banner) => banner.key === key);
  const count = Math.max(gift.comboCount, gift.quantity);
  const banner = {
    key,
    gift,
    // Batches may come in another order than they were paid in; a lower count begins another combo only after a pause.
    count: former === undefined ? count : Math.max(former.count, count),
    untilMs: nowMs + shownMs,
  };
  if (former !== undefined) return banners.map((other) => (other.key === key ? banner : other));
  const all = [...banners, banner];
  if (all.length <= bannersMax) return all;
  const firstUntilMs = Math.min(...banners.map(({ untilMs }) => untilMs));
  return all.filter(({ untilMs }) => untilMs > firstUntilMs).slice(-bannersMax);
}

/** Those that stay. Pure. */
export const stillShown = (banners: readonly Banner[], nowMs: number): readonly Banner[] =>
  banners.some(({ untilMs }) => untilMs <= nowMs) ? banners.filter(({ untilMs }) => untilMs > nowMs) : banners;
