import { callerOf, type Handlers } from "#kernel";
import { presentRecord } from "../coins/gifts/gifts.ts";
import * as giftStore from "../coins/gifts/gift-store.ts";
import { presentOrder } from "../coins/products/presenter.ts";
import * as reservationStore from "../coins/products/reservation-store.ts";
import type { live } from "../contract.ts";
import type { LiveHost } from "../settings.ts";
import * as store from "./activity-store.ts";

type Methods = "ownRoomMessages" | "sentGifts" | "ownMemberships" | "ownOrders" | "ownPurchases";

/** The activity of the caller in all live rooms. */
export const createActivity = ({
  db,
  settings,
}: Pick<LiveHost, "db" | "settings">): Pick<Handlers<typeof live>, Methods> => ({
  ownRoomMessages: (page, call) => store.messages(db.read(call), callerOf(call), page),
  async sentGifts(page, call) {
    const { items, ...paging } = await giftStore.ofSender(db.read(call), callerOf(call), page);
    return { ...paging, items: items.map((row) => presentRecord(row, call.userId, false)) };
  },
  ownMemberships: (page, call) => store.memberships(db.read(call), callerOf(call), page),
  async ownOrders(page, call) {
    const { items, ...paging } = await reservationStore.ordersOf(db.read(call), callerOf(call), page);
    return { ...paging, items: items.map((row) => ({ ...presentOrder(row, settings.currency), liveId: row.liveId })) };
  },
  ownPurchases: (page, call) => store.purchases(db.read(call), callerOf(call), page),
});
