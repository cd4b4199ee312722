import { type Call, callerOf, type Host, type Id } from "#kernel";
import type { Update } from "../contract.ts";
import * as conversationStore from "../conversations/conversation-store.ts";
import * as notificationStore from "../notifications/notification-store.ts";
import { messageOf, notificationOf } from "../presenter.ts";
import type { Tables } from "../store.ts";
import * as store from "../store.ts";

/** The numbered updates in a user's inbox. */
export function createUpdates({ db }: Pick<Host<Tables>, "db">) {
  async function present(userId: Id, rows: store.UpdateRow[]): Promise<Update[]> {
    if (rows.length === 0) return [];
    const idsOf = (type: string) =>
      rows.flatMap((row) => (row.type === type && row.itemId !== null ? [row.itemId] : []));
    const [messageRows, notificationRows, unread] = await Promise.all([
      conversationStore.messagesOf(db, userId, idsOf("message")),
      notificationStore.byIds(db, userId, idsOf("notification"), true),
      store.unreadOf(db, userId),
    ]);
    const messages = new Map(messageRows.map((row) => [row.id, messageOf(row, userId)]));
    const notifications = new Map(notificationRows.map((row) => [row.id, notificationOf(row)]));
    return rows.map(({ seq, type, itemId, conversationId, createdAtMs }) => ({
      seq,
      type: type as Update["type"], // No other type is ever stored.
      conversationId,
      // An item that was deleted since is null.
      message: type === "message" && itemId !== null ? (messages.get(itemId) ?? null) : null,
      notification: type === "notification" && itemId !== null ? (notifications.get(itemId) ?? null) : null,
      unread,
      createdAtMs,
    }));
  }

  return {
    unread: (_: object, call: Call) => store.unreadOf(db, callerOf(call)),

    async updates({ after, limit }: { after?: number | undefined; limit: number }, call: Call) {
      const userId = callerOf(call);
      const seq = await store.seqOf(db, userId);
      if (after === undefined) return { items: [], seq, reset: false };
      if (after > seq || after < seq - store.updatesKept) return { items: [], seq, reset: true };
      const rows = await store.updatesAfter(db, userId, after, limit);
      const items = await present(userId, rows);
      // A number may have no update; on the last page the client goes on from the end of the inbox.
      const last = rows.at(-1)?.seq ?? after;
      return { items, seq: rows.length < limit ? Math.max(last, seq) : last, reset: false };
    },
  };
}
