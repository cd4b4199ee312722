import type { Entry } from "../../room/log/message-store.ts";
import type { ViewerName } from "../../room/log/names.ts";
import type { NewRow, Row } from "./gift-store.ts";

/** The message of a room about a gift, which names its sender where it was not given anonymously. Pure. */
export function giftEntry(record: NewRow, giver: ViewerName | undefined): Entry {
  const userId = record.isAnonymous ? undefined : record.userId;
  const payload = JSON.stringify(noticeOf(record, record.isAnonymous ? undefined : giver));
  return { kind: "gift", class: "reliable", userId, username: "", payload, atMs: record.createdAtMs };
}

/** The message to viewers, in the spelling of their messages. */
const noticeOf = (record: NewRow, giver: ViewerName | undefined) => ({
  id: record.id,
  user_id: record.isAnonymous ? null : record.userId,
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

/** The message of a room that says which words a gift has now: after they were held, or none where they were deleted. */
export const giftTextNotice = ({ id, messageSeq }: Pick<Row, "id" | "messageSeq">, message: string) => ({
  kind: "gift_text",
  class: "reliable" as const,
  userId: undefined,
  username: "",
  payload: JSON.stringify({ id, seq: messageSeq, message }),
});
