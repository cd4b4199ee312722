import type { Id, Tx } from "#kernel";
import { append, type Entry } from "../../room/log/message-store.ts";
import type { HeldText } from "../../room/moderation/held-texts.ts";
import type { Tables } from "../../store.ts";
import { giftEntry } from "./gift-notice.ts";
import type { GiftOrder } from "./gift-payment.ts";
import type { NewRow } from "./gift-store.ts";

/** A gift that is paid in this transaction. */
interface PaidGift {
  readonly order: GiftOrder;
  readonly record: NewRow;
}
/** With its message in the room. */
export interface GiftMessage extends PaidGift {
  readonly entry: Entry;
}

/** Adds the gifts to the messages of their rooms, so that no paid gift is missing there. Rooms in the order of their ids. */
export async function withMessages(tx: Tx<Tables>, paid: readonly PaidGift[]): Promise<GiftMessage[]> {
  const byRoom = Map.groupBy(
    paid.toSorted((a, b) => a.record.liveId - b.record.liveId),
    ({ record }) => record.liveId,
  );
  const messages: GiftMessage[] = [];
  for (const [liveId, gifts] of byRoom) {
    const entries = gifts.map(({ order, record }) => giftEntry(record, order.giver));
    const last = await append(tx, liveId, entries);
    if (last === undefined) throw new Error("a room that is locked is not there");
    for (const [place, { order, record }] of gifts.entries()) {
      const messageSeq = last - entries.length + 1 + place;
      const entry = entries[place];
      if (entry) messages.push({ order, entry, record: { ...record, messageSeq } });
    }
  }
  return messages;
}

/** The words of a gift that wait for a moderator; undefined where they do not. Pure. */
export function heldTextOf(order: GiftOrder, giftRecordId: Id): HeldText | undefined {
  const { liveId, userId, message, passage, giver } = order;
  if (passage.status !== "held") return undefined;
  const said = { message, nickname: giver?.nickname ?? "", avatar: giver?.avatar ?? "", badge: "" as const };
  return { liveId, userId, username: giver?.username ?? "", said, reason: passage.reason, giftRecordId };
}
