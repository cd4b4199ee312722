import type { Call, Id, PageInput } from "#kernel";
import type { RoomAccess } from "../../room/rooms/access.ts";
import * as roomStore from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import { presentOrder } from "./presenter.ts";
import * as store from "./reservation-store.ts";

/** The orders in a room, for its host. No payment was taken for them. */
export const createOrders = ({ db, settings }: LiveHost, access: RoomAccess) => ({
  async orders({ id, ...page }: { id: Id } & PageInput, call: Call) {
    access.requireOwn(await access.requireVisible(await roomStore.byId(db, id), call), "change", call);
    const { items, ...paging } = await store.orders(db, id, page);
    return { ...paging, items: items.map((row) => presentOrder(row, settings.currency)) };
  },
});
