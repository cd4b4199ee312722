import type { Call, Id, PageInput } from "#kernel";
import type { RoomAccess } from "../../room/rooms/access.ts";
import * as roomStore from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import { presentOrder } from "./presenter.ts";
import * as store from "./reservation-store.ts";

/** What was ordered in a room, for its host. No payment was taken for it. */
export const createOrders = ({ db, settings }: LiveHost, access: RoomAccess) => ({
  async orders({ id, ...page }: { id: Id } & PageInput, call: Call) {
    access.requireOwn(await access.requireVisible(await roomStore.byId(db, id), call), "change", call);
    const { items, ...rest } = await store.orders(db, id, page);
    return { ...rest, items: items.map((row) => presentOrder(row, settings.currency)) };
  },
});
