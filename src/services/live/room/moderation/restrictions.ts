import type { Call, PageInput } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import { NotRestrictable } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./moderation-store.ts";
import { type InRoom, type ModerationParts, type OfUser, createRoomNotices } from "./room-notices.ts";
import type { RoomSignals } from "../room-signals.ts";
import type { RoomState } from "./room-state.ts";

const minuteMs = 60_000;

/** Mutes and bans in rooms. */
export function createRoomRestrictions(
  { db, now }: LiveHost,
  { signals, ...parts }: ModerationParts & { readonly signals: Pick<RoomSignals, "restricted"> },
) {
  const { standing } = parts;
  const sendNotice = createRoomNotices(parts);

  /** A room in which the caller may restrict this account. @throws NotRoomModerator, NotRestrictable */
  async function restrictable({ id, userId }: OfUser, call: Call): Promise<RoomState> {
    const state = await standing.moderatedRoom(id, call);
    const isTheirs = userId === state.row.ownerId || userId === call.userId;
    // Moderators restrict viewers; the owner restricts moderators too.
    if (isTheirs || (state.moderatorIds.has(userId) && call.userId !== state.row.ownerId)) throw NotRestrictable({});
    return state;
  }

  async function restrict({ id, userId }: OfUser, kind: "mute" | "ban", untilMs: number | null): Promise<void> {
    await db.tx(async (tx) => {
      if ((await deletedAmong(tx, [userId])).size > 0) throw NotRestrictable({});
      await store.restrict(tx, { live_id: id, user_id: userId, kind, until_ms: untilMs, created_at_ms: now() });
      if (kind === "ban") await store.removeModerator(tx, id, userId);
    });
    await sendNotice(id, "restricted", { user_id: userId, kind, until: untilMs }, userId);
    // An account that may not write here is no guest either.
    await signals.restricted.emit(id, userId);
  }

  async function release({ id, userId }: OfUser, kind: "mute" | "ban", call: Call) {
    await standing.moderatedRoom(id, call);
    const isReleased = await db.tx((tx) => store.unrestrict(tx, id, userId, kind));
    if (isReleased) await sendNotice(id, "released", { user_id: userId, kind }, userId);
    return {};
  }

  return {
    async restrictions({ id, ...page }: PageInput & InRoom, call: Call) {
      await standing.moderatedRoom(id, call);
      return store.pageOfRestrictions(db, id, now(), page);
    },

    async muteInRoom({ minutes, ...target }: OfUser & { minutes: number }, call: Call) {
      await restrictable(target, call);
      await restrict(target, "mute", now() + minutes * minuteMs);
      return {};
    },
    unmuteInRoom: (target: OfUser, call: Call) => release(target, "mute", call),

    async banFromRoom(target: OfUser, call: Call) {
      await restrictable(target, call);
      await restrict(target, "ban", null);
      return {};
    },
    unbanFromRoom: (target: OfUser, call: Call) => release(target, "ban", call),
  };
}
