import { type Call, callerOf, type Host, type Id, type PageInput } from "#kernel";
import { NotificationNotFound } from "../contract.ts";
import { kindsOf } from "./facts.ts";
import * as notificationStore from "./notification-store.ts";
import { notificationOf } from "../presenter.ts";
import type { Tables } from "../store.ts";
import * as store from "../store.ts";
import type { Delivery } from "./delivery.ts";
import type { UpdateListeners } from "../update-listeners.ts";

interface ListInput extends PageInput {
  readonly type?: number | undefined;
  readonly unread?: boolean | undefined;
  readonly merged: boolean;
}

export function createNotifications({ db }: Host<Tables>, { publishChange }: Delivery, listeners: UpdateListeners) {
  return {
    async notifications({ type, unread = false, merged, ...page }: ListInput, call: Call) {
      const userId = callerOf(call);
      const kinds = type === undefined ? undefined : kindsOf(type);
      const rows = await notificationStore.listNotifications(db, userId, { kinds, unread, merged }, page);
      const { notificationCount } = await store.unreadOf(db, userId);
      return { ...rows, items: rows.items.map(notificationOf), unreadCount: notificationCount };
    },

    async readNotification({ id, merged }: { id: Id; merged: boolean }, call: Call) {
      const userId = callerOf(call);
      const row = await db.tx(async (tx) => {
        if ((await notificationStore.read(tx, userId, id, merged)) > 0) await publishChange(tx, [userId]);
        const [notification] = await notificationStore.byIds(tx, userId, [id], merged);
        return notification;
      });
      if (!row) throw NotificationNotFound({});
      listeners.notify([userId]);
      return notificationOf(row);
    },

    async readAll(_: object, call: Call) {
      const userId = callerOf(call);
      const count = await db.tx(async (tx) => {
        const read = await notificationStore.readAll(tx, userId);
        if (read > 0) await publishChange(tx, [userId]);
        return read;
      });
      listeners.notify([userId]);
      return { count };
    },
  };
}
