import { type Call, callerOf, type Host, type Id, type PageInput } from "#kernel";
import { user } from "#services/user/contract";
import { ConversationNotFound, ToYourself } from "../contract.ts";
import { messageOf } from "../presenter.ts";
import type { Tables } from "../store.ts";
import { ownSide } from "./conversation-access.ts";
import * as conversationStore from "./conversation-store.ts";

type Side = conversationStore.Side;

/** A user's conversations, each with its last message. */
export function createConversations({ db, client, call: newCall }: Pick<Host<Tables>, "db" | "client" | "call">) {
  async function present(sides: readonly (Side & { readonly messageId?: Id })[], userId: Id) {
    const ids = sides.flatMap(({ messageId }) => messageId ?? []);
    const rows = await conversationStore.messagesOf(db, userId, ids);
    const lastMessages = new Map(rows.map((row) => [row.conversationId, row]));
    return sides.map((side) => {
      const lastMessage = lastMessages.get(side.id);
      return {
        id: side.id,
        userId: side.otherId,
        lastMessage: lastMessage ? messageOf(lastMessage, userId) : null,
        unreadCount: side.unreadCount,
        isRequest: side.isRequest,
        updatedAtMs: side.lastMs,
      };
    });
  }

  return {
    async conversations({ folder, ...page }: { folder: conversationStore.Folder } & PageInput, call: Call) {
      const userId = callerOf(call);
      const sides = await conversationStore.listConversations(db, userId, folder, page);
      return { ...sides, items: await present(sides.items, userId) };
    },

    async conversation({ id }: { id: Id }, call: Call) {
      const side = await ownSide(db, id, call);
      const newest = await conversationStore.messagesSince(db, id, side.clearedToMs, {
        limit: 1,
        skip: 0,
        count: false,
      });
      const [message] = newest.items;
      const [conversation] = await present([{ ...side, ...(message && { messageId: message.id }) }], side.userId);
      if (!conversation) throw ConversationNotFound({});
      return conversation;
    },

    async conversationWith({ id }: { id: Id }, call: Call) {
      const userId = callerOf(call);
      if (id === userId) throw ToYourself({});
      const { traceId, signal } = call;
      const [side] = await conversationStore.sidesWith(db, userId, [id]);
      if (!side) await client(user).get({ id }, newCall({ traceId, signal }));
      return { conversationId: side && side.lastMs > side.clearedToMs ? side.id : null };
    },
  };
}
