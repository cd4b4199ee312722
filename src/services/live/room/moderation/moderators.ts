import type { Call, Id } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import { NotRestrictable, NotYourLive, TooManyRoomModerators } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./moderation-store.ts";
import { type InRoom, type ModerationParts, type OfUser, createRoomNotices } from "./room-notices.ts";
import type { RoomState } from "./room-state.ts";

const moderatorsMax = 50;

/** The moderators of rooms. */
export function createRoomModerators({ db, now }: LiveHost, parts: ModerationParts) {
  const { standing } = parts;
  const sendNotice = createRoomNotices(parts);

  /** @throws NotYourLive */
  async function requireOwnRoom(id: Id, call: Call): Promise<RoomState> {
    const state = await standing.visible(id, call);
    if (state.row.ownerId !== call.userId) throw NotYourLive({});
    return state;
  }

  return {
    async roomModerators({ id }: InRoom, call: Call) {
      await standing.moderatedRoom(id, call);
      return { items: await store.moderatorsOf(db, id) };
    },

    async addModerator({ id, userId }: OfUser, call: Call) {
      const { row, moderatorIds } = await requireOwnRoom(id, call);
      if (userId === row.ownerId) throw NotRestrictable({});
      if (moderatorIds.size >= moderatorsMax && !moderatorIds.has(userId)) throw TooManyRoomModerators({});
      await db.tx(async (tx) => {
        if ((await deletedAmong(tx, [userId])).size > 0) throw NotRestrictable({});
        await store.addModerator(tx, id, userId, now());
      });
      await sendNotice(id, "moderator", { user_id: userId, is_moderator: true }, userId);
      return {};
    },

    async removeModerator({ id, userId }: OfUser, call: Call) {
      await requireOwnRoom(id, call);
      if (await db.tx((tx) => store.removeModerator(tx, id, userId)))
        await sendNotice(id, "moderator", { user_id: userId, is_moderator: false }, userId);
      return {};
    },
  };
}
