import { type Call, callerOf, type Host, type Id, type Tx } from "#kernel";
import { ConversationNotFound } from "../contract.ts";
import type { Tables } from "../store.ts";
import * as store from "../store.ts";
import type { UpdateListeners } from "../update-listeners.ts";
import { ownSide } from "./conversation-access.ts";
import * as conversationStore from "./conversation-store.ts";

type Side = conversationStore.Side;

/** The inboxes that get an update after a change of one's own side. */
interface Updated {
  readonly changesOwn?: boolean;
  readonly changesOther?: boolean;
}

/** Changes of a user to their own side of a conversation: reading, accepting and removing it. */
export function createConversationChanges({ db, now }: Pick<Host<Tables>, "db" | "now">, listeners: UpdateListeners) {
  /** Changes one's own side with both inboxes locked, and logs the updates that `change` yields. */
  async function changeSide(side: Side, change: (tx: Tx<Tables>, current: Side) => Promise<Updated>): Promise<void> {
    await db.tx(async (tx) => {
      const seqs = await store.takeNumbers(tx, [side.userId, side.otherId]);
      const current = await conversationStore.sideOf(tx, side.userId, side.id);
      if (!current) return;
      const { changesOwn, changesOther } = await change(tx, current);
      const created_at_ms = now();
      const updates = [
        ...(changesOwn ? [{ user_id: side.userId, type: "conversation" }] : []),
        ...(changesOther ? [{ user_id: side.otherId, type: "read" }] : []),
      ];
      await store.addUpdates(
        tx,
        updates.flatMap((update) => {
          const seq = seqs.get(update.user_id);
          return seq === undefined ? [] : [{ ...update, seq, item_id: null, conversation_id: side.id, created_at_ms }];
        }),
      );
    });
    listeners.notify([side.userId, side.otherId]);
  }

  return {
    async readConversation({ id }: { id: Id }, call: Call) {
      const side = await ownSide(db, id, call);
      if (side.unreadCount > 0)
        await changeSide(side, async (tx, current) => {
          if (current.unreadCount === 0) return {};
          await conversationStore.read(tx, current, now());
          return { changesOwn: true, changesOther: !current.isRequest };
        });
      return { unreadCount: 0 };
    },

    async accept({ id }: { id: Id }, call: Call) {
      const side = await ownSide(db, id, call);
      if (side.isRequest)
        await changeSide(side, async (tx) => {
          const isNew = await conversationStore.accept(tx, side.userId, id);
          return { changesOwn: isNew, changesOther: isNew };
        });
      return {};
    },

    async removeConversation({ id }: { id: Id }, call: Call) {
      const side = await conversationStore.sideOf(db, callerOf(call), id);
      if (!side) throw ConversationNotFound({});
      if (side.lastMs > side.clearedToMs)
        await changeSide(side, async (tx) => {
          await conversationStore.clear(tx, side);
          return { changesOwn: true };
        });
      return {};
    },
  };
}
