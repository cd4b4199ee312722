import type { GiftRecord } from "../contract.ts";

/** Who gave it, as the room shows them. */
export interface GiverName {
  readonly username: string;
  readonly nickname: string;
  readonly avatar: string;
}

/** What the viewers of a room receive of a gift that was paid, in the spelling of their messages. Pure. */
export const giftNotice = (record: GiftRecord, giver: GiverName | undefined) => ({
  id: record.id,
  user_id: record.userId,
  gift_id: record.giftId,
  gift_name: record.giftName,
  gift_slug: record.giftSlug,
  gift_icon: record.giftIcon,
  quantity: record.quantity,
  unit_price: record.unitPrice,
  total_value: record.totalValue,
  combo_count: record.comboCount,
  message: record.message,
  is_anonymous: record.isAnonymous,
  // Empty where it was given anonymously.
  username: giver?.username ?? "",
  nickname: giver?.nickname ?? "",
  avatar: giver?.avatar ?? "",
});
