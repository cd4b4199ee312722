import type { Call, Id, PageInput, Tx } from "#kernel";
import { presentHeld } from "./presenter.ts";
import { MessageNotFound } from "../../contract.ts";
import type { GiftTexts } from "../log/gift-texts.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import * as store from "./moderation-store.ts";
import type { InRoom, ModerationParts } from "./room-notices.ts";

/** Messages that wait for the owner or a moderator of a room. */
export function createHeldMessages(
  { db }: LiveHost,
  { standing, log, giftTexts }: ModerationParts & { readonly giftTexts: GiftTexts },
) {
  /** Takes a text from those that wait; the words of a gift become the gift's, or stay out. @throws MessageNotFound */
  async function decide(tx: Tx<Tables>, liveId: Id, heldId: Id, status: "sent" | "deleted") {
    const row = await store.takeHeld(tx, liveId, heldId);
    if (!row) throw MessageNotFound({});
    const text = presentHeld(row).content;
    const change = { message: status === "sent" ? text : "", status };
    const gift = row.giftRecordId === null ? undefined : await giftTexts.setMessage(tx, row.giftRecordId, change);
    return { held: { ...row, text }, gift };
  }

  return {
    held: async ({ id, ...page }: PageInput & InRoom, call: Call) => {
      await standing.moderatedRoom(id, call);
      const { items, ...paging } = await store.pageOfHeld(db, id, page);
      return { ...paging, items: items.map(presentHeld) };
    },

    async allowHeld({ id, heldId }: InRoom & { heldId: Id }, call: Call) {
      await standing.moderatedRoom(id, call);
      const { held, gift } = await db.tx((tx) => decide(tx, id, heldId, "sent"));
      if (gift) {
        await log.append(id, giftTexts.notice(gift, held.text));
        return {};
      }
      const { userId, username, payload } = held;
      await log.append(id, { kind: "chat", class: "chat", userId, username, payload });
      return {};
    },

    async hideHeld({ id, heldId }: InRoom & { heldId: Id }, call: Call) {
      await standing.moderatedRoom(id, call);
      await db.tx((tx) => decide(tx, id, heldId, "deleted"));
      return {};
    },
  };
}
