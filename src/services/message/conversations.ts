import { type Call, callerOf, type Host, type Id, type PageInput, type Tx } from "#kernel";
import { user } from "#services/user/contract";
import { ConversationNotFound, MessageNotFound, ToYourself } from "./contract.ts";
import * as conversationStore from "./conversation-store.ts";
import { messageOf } from "./presenter.ts";
import type { Tables } from "./store.ts";
import * as store from "./store.ts";
import type { Wakes } from "./wakes.ts";

type Side = conversationStore.Side;

export function conversingOf({ db, now, client, call: newCall }: Host<Tables>, wakes: Wakes) {
  /** @throws ConversationNotFound where it is none of the caller's, or empty for them */
  async function sideOf(id: Id, call: Call): Promise<Side> {
    const side = await conversationStore.sideOf(db, callerOf(call), id);
    if (!side || side.lastMs <= side.clearedToMs) throw ConversationNotFound({});
    return side;
  }

  /** Changes one's own side while nothing else happens to either; what `work` yields is told to the devices of the two. */
  async function changed(
    side: Side,
    work: (tx: Tx<Tables>, current: Side) => Promise<{ readonly own?: boolean; readonly other?: boolean }>,
  ): Promise<void> {
    await db.tx(async (tx) => {
      const seqs = await store.take(tx, [side.userId, side.otherId]);
      const current = await conversationStore.sideOf(tx, side.userId, side.id);
      if (!current) return;
      const { own, other } = await work(tx, current);
      const created_at_ms = now();
      const told = [
        ...(own ? [{ user_id: side.userId, type: "conversation" }] : []),
        ...(other ? [{ user_id: side.otherId, type: "read" }] : []),
      ];
      await store.log(
        tx,
        told.flatMap((one) => {
          const seq = seqs.get(one.user_id);
          return seq === undefined ? [] : [{ ...one, seq, item_id: null, conversation_id: side.id, created_at_ms }];
        }),
      );
    });
    wakes.wake([side.userId, side.otherId]);
  }

  async function shown(sides: readonly (Side & { readonly messageId?: Id })[], userId: Id) {
    const ids = sides.flatMap(({ messageId }) => messageId ?? []);
    const last = new Map((await conversationStore.messagesOf(db, userId, ids)).map((row) => [row.conversationId, row]));
    return sides.map((side) => {
      const row = last.get(side.id);
      return {
        id: side.id,
        userId: side.otherId,
        lastMessage: row ? messageOf(row, userId) : null,
        unreadCount: side.unreadCount,
        isRequest: side.isRequest,
        updatedAtMs: side.lastMs,
      };
    });
  }

  return {
    async get({ id }: { id: Id }, call: Call) {
      const userId = callerOf(call);
      const [row] = await conversationStore.messagesOf(db, userId, [id]);
      if (!row) throw MessageNotFound({});
      return messageOf(row, userId);
    },

    async conversations({ folder, ...page }: { folder: conversationStore.Folder } & PageInput, call: Call) {
      const userId = callerOf(call);
      const found = await conversationStore.listed(db, userId, folder, page);
      return { ...found, items: await shown(found.items, userId) };
    },

    async conversation({ id }: { id: Id }, call: Call) {
      const side = await sideOf(id, call);
      const { items } = await conversationStore.said(db, id, side.clearedToMs, { limit: 1, skip: 0, count: false });
      const [whole] = await shown([{ ...side, ...(items[0] && { messageId: items[0].id }) }], side.userId);
      if (!whole) throw ConversationNotFound({});
      return whole;
    },

    async conversationWith({ id }: { id: Id }, call: Call) {
      const userId = callerOf(call);
      if (id === userId) throw ToYourself({});
      const { traceId, signal } = call;
      const [side] = await conversationStore.sidesWith(db, userId, [id]);
      if (!side) await client(user).get({ id }, newCall({ traceId, signal }));
      return { conversationId: side && side.lastMs > side.clearedToMs ? side.id : null };
    },

    async messages({ id, ...page }: { id: Id } & PageInput, call: Call) {
      const side = await sideOf(id, call);
      const found = await conversationStore.said(db, id, side.clearedToMs, page);
      return { ...found, items: found.items.map((row) => messageOf(row, side.userId)) };
    },

    async readConversation({ id }: { id: Id }, call: Call) {
      const side = await sideOf(id, call);
      if (side.unreadCount > 0)
        await changed(side, async (tx, current) => {
          if (current.unreadCount === 0) return {};
          await conversationStore.read(tx, current, now());
          return { own: true, other: !current.isRequest };
        });
      return { unreadCount: 0 };
    },

    async accept({ id }: { id: Id }, call: Call) {
      const side = await sideOf(id, call);
      if (side.isRequest)
        await changed(side, async (tx) => {
          const isNew = await conversationStore.accept(tx, side.userId, id);
          return { own: isNew, other: isNew };
        });
      return {};
    },

    async removeConversation({ id }: { id: Id }, call: Call) {
      const side = await conversationStore.sideOf(db, callerOf(call), id);
      if (!side) throw ConversationNotFound({});
      if (side.lastMs > side.clearedToMs)
        await changed(side, async (tx) => {
          await conversationStore.clear(tx, side);
          return { own: true };
        });
      return {};
    },

    async attachment({ id }: { id: Id }, call: Call) {
      const [row] = await conversationStore.messagesOf(db, callerOf(call), [id]);
      if (!row || row.mediaId === null) throw MessageNotFound({});
      return { mediaId: row.mediaId };
    },

    async chat({ userId: otherId, after, limit }: { userId: Id; after: number; limit: number }, call: Call) {
      const userId = callerOf(call);
      const [side] = await conversationStore.sidesWith(db, userId, [otherId]);
      if (!side) {
        await client(user).get({ id: otherId }, newCall({ traceId: call.traceId, signal: call.signal }));
        return { items: [] };
      }
      const rows = await conversationStore.saidAfter(db, side.id, Math.max(after, side.clearedToMs), limit);
      return { items: rows.map((row) => messageOf(row, userId)) };
    },

    async latestWith({ userIds }: { userIds: Id[] }, call: Call) {
      const userId = callerOf(call);
      const sides = await conversationStore.sidesWith(db, userId, userIds);
      const rows = await conversationStore.latest(
        db,
        userId,
        sides.map(({ id }) => id),
      );
      const others = new Map(sides.map((side) => [side.id, side.otherId]));
      return {
        items: rows.flatMap((row) => {
          const other = others.get(row.conversationId);
          return other === undefined ? [] : [{ userId: other, message: messageOf(row, userId) }];
        }),
      };
    },
  };
}
