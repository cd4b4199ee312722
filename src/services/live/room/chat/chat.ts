import { BadToken } from "#policy/account";
import { type Call, callerOf, type Id } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import type { InRooms } from "../moderation/in-rooms.ts";
import { isStaff } from "../moderation/room-state.ts";
import type { LiveHost } from "../../settings.ts";
import { presentMessage, type Said } from "../log/presenter.ts";
import { createTurns } from "./turns.ts";

/** Messages of one turn are checked together: the later a turn, the fewer statements, and the later a message. */
const turnsOfTick = 5;

interface Parts extends InRooms {
  /** The level of a user in the fan club of an owner; 0 where they are no member. */
  readonly fanLevelOf: (fan: { readonly ownerId: Id; readonly userId: Id }) => Promise<number>;
}

/** The chat of rooms. */
export function createRoomChat(host: LiveHost, { standing, gate, held, log, nameOf, fanLevelOf }: Parts) {
  const { db, now, settings } = host;
  const nextTurn = createTurns(settings.tickMs / turnsOfTick);

  return {
    handlers: {
      async say({ id, content }: { id: Id; content: string }, call: Call) {
        const userId = callerOf(call);
        await nextTurn();
        const state = await standing.visible(id, call);
        const passage = await gate.passageOf(state, content, call);
        if (passage.status === "refused") throw passage.failure;
        const { username, ...shown } = await nameOf(userId, call);
        const badge = userId === state.row.ownerId ? "host" : isStaff(state, call) ? "moderator" : "";
        const { ownerId } = state.row;
        const level = userId === ownerId ? 0 : await fanLevelOf({ ownerId, userId });
        const said: Said = { message: content, ...shown, badge, fan_level: level };
        if (passage.status === "held") {
          const text = { liveId: id, userId, username, said, reason: passage.reason };
          const heldId = await db.tx(async (tx) => {
            if ((await deletedAmong(tx, [userId])).size > 0) throw BadToken({});
            return held.hold(tx, text);
          });
          held.announce(heldId, text, state);
          return { message: null, isHeld: true };
        }
        const payload = JSON.stringify(said);
        const seq = await log.append(id, { kind: "chat", class: "chat", userId, username, payload });
        return {
          message: presentMessage({ seq, kind: "chat", userId, username, payload, atMs: now() }),
          isHeld: false,
        };
      },
    },
  };
}
