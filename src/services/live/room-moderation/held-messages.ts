import type { Call, Id, PageInput } from "#kernel";
import { MessageNotFound } from "../contract.ts";
import { presentHeld } from "../chat/presenter.ts";
import type { LiveHost } from "../settings.ts";
import * as store from "./moderation-store.ts";
import type { InRoom, ModerationParts } from "./room-notices.ts";

/** Messages that wait for the owner or a moderator of a room. */
export function heldMessages({ db }: LiveHost, { standing, log }: ModerationParts) {
  return {
    async held({ id, ...page }: PageInput & InRoom, call: Call) {
      await standing.moderated(id, call);
      const { items, ...rest } = await store.pageOfHeld(db, id, page);
      return { ...rest, items: items.map(presentHeld) };
    },

    async allowHeld({ id, heldId }: InRoom & { heldId: Id }, call: Call) {
      await standing.moderated(id, call);
      const held = await db.tx((tx) => store.takeHeld(tx, id, heldId));
      if (!held) throw MessageNotFound({});
      const { userId, username, payload } = held;
      await log.append(id, { kind: "chat", class: "chat", userId, username, payload });
      return {};
    },

    async hideHeld({ id, heldId }: InRoom & { heldId: Id }, call: Call) {
      await standing.moderated(id, call);
      if (!(await db.tx((tx) => store.takeHeld(tx, id, heldId)))) throw MessageNotFound({});
      return {};
    },
  };
}
