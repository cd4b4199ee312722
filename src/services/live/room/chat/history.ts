import type { Call, Id, PageInput } from "#kernel";
import { MessageNotFound, NotRoomModerator } from "../../contract.ts";
import * as moderation from "../moderation/moderation-store.ts";
import { type ModerationParts, createRoomNotices } from "../moderation/room-notices.ts";
import { isStaff } from "../moderation/room-state.ts";
import type { LiveHost } from "../../settings.ts";
import type { GiftText, GiftTexts } from "../log/gift-texts.ts";
import * as store from "../log/message-store.ts";
import { presentMessage } from "../log/presenter.ts";

/** The chat history of rooms. */
export function createChatHistory({ db }: LiveHost, parts: ModerationParts & { readonly giftTexts: GiftTexts }) {
  const { standing, log, giftTexts } = parts;
  const sendNotice = createRoomNotices(parts);
  /** A gift stays where it is, without its words. */
  async function deleteWords(id: Id, gift: GiftText): Promise<void> {
    const change = { message: "", status: "deleted" as const };
    const before = await db.tx((tx) => giftTexts.setMessage(tx, gift.id, change));
    if (before && before.message !== "") await log.append(id, giftTexts.notice(before, ""));
  }

  return {
    async messages({ id, ...page }: PageInput & { id: Id }, call: Call) {
      await standing.visible(id, call);
      const { items, ...paging } = await store.pageOfMessages(db.read(call), id, page);
      return { ...paging, items: items.map(presentMessage) };
    },

    async deleteMessage({ id, seq }: { id: Id; seq: number }, call: Call) {
      const state = await standing.visible(id, call);
      const gift = await giftTexts.ofMessage(db, id, seq);
      if (gift) {
        if (gift.userId !== call.userId && !isStaff(state, call)) throw NotRoomModerator({});
        await deleteWords(id, gift);
        return {};
      }
      const message = await store.messageOf(db, id, seq);
      const isOwn = message?.kind === "chat" && message.userId === call.userId;
      if (!isOwn && !isStaff(state, call)) throw NotRoomModerator({});
      if (message?.kind !== "chat") throw MessageNotFound({});
      const isDeleted = await db.tx(async (tx) => {
        if (state.rules.pinnedSeq === seq) await moderation.setRules(tx, id, { ...state.rules, pinnedSeq: null });
        return store.deleteMessage(tx, id, seq);
      });
      if (isDeleted) await sendNotice(id, "deleted", { seq });
      return {};
    },
  };
}
