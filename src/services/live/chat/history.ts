import type { Call, Id, PageInput } from "#kernel";
import { MessageNotFound, NotRoomModerator } from "../contract.ts";
import * as moderation from "../room-moderation/moderation-store.ts";
import { type ModerationParts, roomNotices } from "../room-moderation/room-notices.ts";
import { isStaff } from "../room-moderation/room-state.ts";
import type { LiveHost } from "../settings.ts";
import * as store from "./message-store.ts";
import { presentMessage } from "./presenter.ts";

/** What was said in rooms. */
export function chatHistory({ db }: LiveHost, parts: ModerationParts) {
  const { standing } = parts;
  const tell = roomNotices(parts);
  return {
    async messages({ id, ...page }: PageInput & { id: Id }, call: Call) {
      await standing.visible(id, call);
      const { items, ...rest } = await store.pageOfMessages(db.read(call), id, page);
      return { ...rest, items: items.map(presentMessage) };
    },

    async deleteMessage({ id, seq }: { id: Id; seq: number }, call: Call) {
      const state = await standing.visible(id, call);
      const message = await store.messageOf(db, id, seq);
      const isOwn = message?.kind === "chat" && message.userId === call.userId;
      if (!isOwn && !isStaff(state, call)) throw NotRoomModerator({});
      if (message?.kind !== "chat") throw MessageNotFound({});
      const isDeleted = await db.tx(async (tx) => {
        if (state.rules.pinnedSeq === seq) await moderation.setRules(tx, id, { ...state.rules, pinnedSeq: null });
        return store.deleteMessage(tx, id, seq);
      });
      if (isDeleted) await tell(id, "deleted", { seq });
      return {};
    },
  };
}
