import { type Call, callerOf, type Host, type Id, type PageInput } from "#kernel";
import { user } from "#services/user/contract";
import { MessageNotFound } from "../contract.ts";
import { messageOf } from "../presenter.ts";
import type { Tables } from "../store.ts";
import { ownSide } from "./conversation-access.ts";
import * as conversationStore from "./conversation-store.ts";

/** Messages as one of the two users of a conversation reads them. */
export const createMessageLists = ({ db, client, call: newCall }: Pick<Host<Tables>, "db" | "client" | "call">) => ({
  async get({ id }: { id: Id }, call: Call) {
    const userId = callerOf(call);
    const [row] = await conversationStore.messagesOf(db, userId, [id]);
    if (!row) throw MessageNotFound({});
    return messageOf(row, userId);
  },

  async messages({ id, ...page }: { id: Id } & PageInput, call: Call) {
    const side = await ownSide(db, id, call);
    const rows = await conversationStore.messagesSince(db, id, side.clearedToMs, page);
    return { ...rows, items: rows.items.map((row) => messageOf(row, side.userId)) };
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
    const rows = await conversationStore.messagesAfter(db, side.id, Math.max(after, side.clearedToMs), limit);
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
    const partnerIds = new Map(sides.map((side) => [side.id, side.otherId]));
    return {
      items: rows.flatMap((row) => {
        const otherId = partnerIds.get(row.conversationId);
        return otherId === undefined ? [] : [{ userId: otherId, message: messageOf(row, userId) }];
      }),
    };
  },
});
