import type { Call, Id } from "#kernel";
import type { z } from "zod";
import { type live, MessageNotFound } from "../../contract.ts";
import * as messages from "../log/message-store.ts";
import { presentMessage } from "../log/presenter.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./moderation-store.ts";
import { type InRoom, type ModerationParts, createRoomNotices } from "./room-notices.ts";
import { isStaff } from "./room-state.ts";

type SetChat = z.output<(typeof live)["methods"]["setChat"]["input"]>;

/** How the chat of rooms is moderated, and the message above it. */
export function createRoomRules({ db }: LiveHost, parts: ModerationParts) {
  const { standing } = parts;
  const sendNotice = createRoomNotices(parts);

  async function setRules(id: Id, change: (rules: store.Rules) => store.Rules): Promise<store.Rules> {
    return db.tx(async (tx) => {
      const after = change(await store.rulesOf(tx, id));
      await store.setRules(tx, id, after);
      return after;
    });
  }

  return {
    async chat({ id }: InRoom, call: Call) {
      const state = await standing.visible(id, call);
      const { pinnedSeq: _, ...rules } = state.rules;
      return isStaff(state, call) ? { ...rules, mayModerate: true } : { ...rules, keywords: [], mayModerate: false };
    },

    async setChat({ id, ...changes }: SetChat, call: Call) {
      await standing.moderatedRoom(id, call);
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const { pinnedSeq: _, ...rules } = await setRules(id, (before) => ({ ...before, ...given }));
      const { isOpen, slowMode, followersOnly, holdLinks } = rules;
      await sendNotice(id, "room", {
        chat: { is_open: isOpen, slow_mode: slowMode, followers_only: followersOnly, hold_links: holdLinks },
      });
      return { ...rules, mayModerate: true };
    },

    pinned: async ({ id }: InRoom, call: Call) => {
      const { rules } = await standing.visible(id, call);
      const row = rules.pinnedSeq === null ? undefined : await messages.messageOf(db, id, rules.pinnedSeq);
      return { message: row ? presentMessage(row) : null };
    },

    async pin({ id, seq }: InRoom & { seq: number }, call: Call) {
      await standing.moderatedRoom(id, call);
      const row = await messages.messageOf(db, id, seq);
      if (row?.kind !== "chat") throw MessageNotFound({});
      await setRules(id, (before) => ({ ...before, pinnedSeq: seq }));
      const { username, nickname, content, badge } = presentMessage(row);
      await sendNotice(id, "pin", { seq, username, nickname, message: content, badge }, row.userId ?? undefined);
      return {};
    },

    async unpin({ id }: InRoom, call: Call) {
      const { rules } = await standing.moderatedRoom(id, call);
      if (rules.pinnedSeq === null) return {};
      await setRules(id, (before) => ({ ...before, pinnedSeq: null }));
      await sendNotice(id, "unpin", {});
      return {};
    },
  };
}
