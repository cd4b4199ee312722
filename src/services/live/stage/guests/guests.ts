import type { Call, Id } from "#kernel";
import { type LiveGuest, NotYourLive } from "../../contract.ts";
import type { RoomLog } from "../../room/log/room-log.ts";
import type { InRoom, OfUser } from "../../room/moderation/room-notices.ts";
import type { RoomStanding } from "../../room/moderation/room-state.ts";
import type { RoomAccess } from "../../room/rooms/access.ts";
import * as rooms from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./guest-store.ts";
import type { GuestStreams } from "./guest-streams.ts";
import { createGuestInvitations } from "./invitations.ts";

interface Parts {
  readonly access: RoomAccess;
  readonly standing: RoomStanding;
  readonly log: RoomLog;
  readonly guestStreams: GuestStreams;
}

/** The guests of a live room: invited by its owner, until one of them ends it. */
export function createRoomGuests(host: LiveHost, { access, standing, log, guestStreams }: Parts) {
  const { db } = host;
  const invite = createGuestInvitations(host, { access });

  /** Notifies the owner and the guest of an invitation, or of its end. */
  function signal(ownerId: Id, guest: store.Guest, status: "invited" | "left"): void {
    const { id: live_id, roomId, userId } = guest;
    const payload = JSON.stringify({ live_id, user_id: userId, status });
    for (const toUserId of [ownerId, userId])
      log.signal(roomId, { kind: "guest", userId, username: "", payload, toUserId });
  }

  return {
    async guests({ id }: InRoom, call: Call) {
      const { row } = await standing.visible(id, call);
      const guests = await store.guestsIn(db, [id]);
      return { items: guests.filter(isShownTo(call.userId, row.ownerId)).map(presentGuest) };
    },

    async guestsOf({ ids }: { ids: Id[] }, { userId }: Call) {
      const guests = await store.guestsIn(db, ids);
      if (guests.length === 0) return { items: [] };
      const owners = new Map((await rooms.byIds(db, ids)).map(({ id, ownerId }) => [id, ownerId]));
      const shown = guests.filter((guest) => isShownTo(userId, owners.get(guest.roomId))(guest));
      return { items: shown.map((guest) => ({ ...presentGuest(guest), roomId: guest.roomId })) };
    },

    async inviteGuest({ id, userId }: OfUser, call: Call) {
      const { row } = await standing.visible(id, call);
      if (row.ownerId !== call.userId) throw NotYourLive({});
      const { guest, isNew } = await invite(row, userId, call);
      if (isNew) signal(row.ownerId, guest, "invited");
      return presentGuest(guest);
    },

    async removeGuest({ id, userId }: OfUser, call: Call) {
      // A guest may leave even if the room was closed to them since.
      const isGuest =
        userId === call.userId && (await store.guestsIn(db, [id])).some((guest) => guest.userId === userId);
      if (!isGuest) {
        const { row } = await standing.visible(id, call);
        if (call.userId !== row.ownerId && call.userId !== userId) throw NotYourLive({});
      }
      const removed = await guestStreams.remove(id, userId);
      const row = removed?.status === "waiting" ? await rooms.byId(db, id) : undefined;
      if (removed && row) signal(row.ownerId, removed, "left");
      return {};
    },
  };
}

const isShownTo =
  (viewerId: Id | undefined, ownerId: Id | undefined) =>
  ({ status, userId }: store.Guest): boolean =>
    status !== "waiting" || (viewerId !== undefined && (viewerId === userId || viewerId === ownerId));

const presentGuest = ({ id, userId, status, invitedAtMs }: store.Guest): LiveGuest => ({
  liveId: id,
  userId,
  status: status === "waiting" ? "invited" : status,
  invitedAtMs,
});
