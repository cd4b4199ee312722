import type { GiftRecord } from "../contract.ts";

/** What the viewers of a room receive of a gift that was paid, in the spelling of their messages. Pure. */
export const giftNotice = (record: GiftRecord) => ({
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
});
