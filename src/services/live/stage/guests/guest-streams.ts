import type { Call, Id } from "#kernel";
import { LiveNotFound } from "../../contract.ts";
import type { RoomLog } from "../../room/log/room-log.ts";
import { isOnAir } from "../../room/presence/room-admission.ts";
import type { RoomStanding } from "../../room/moderation/room-state.ts";
import type { RoomPolicy } from "../../room/rooms/posting-policy.ts";
import type { LiveHost } from "../../settings.ts";
import type { Streams } from "../streams/streams.ts";
import * as store from "./guest-store.ts";

interface Parts {
  readonly standing: RoomStanding;
  readonly policy: RoomPolicy;
  readonly log: RoomLog;
  readonly streams: Streams;
}

/** The streams of guests: who may publish one, and what its room is sent when it comes and goes. */
export interface GuestStreams {
  /**
   * The guest whose stream has this number, where the caller is that guest and may be one now; undefined where the number
   * is none of a guest's. @throws LiveNotFound, PasswordNeeded, BannedFromRoom, Muted
   */
  readonly publishable: (id: Id, call: Call) => Promise<store.Guest | undefined>;
  /** The publisher of a stream went or came; false where the stream is none of a guest's. */
  readonly setPaused: (id: Id, isPaused: boolean) => Promise<boolean>;
  /** A publisher stayed away; false where the stream is none of a guest's. */
  readonly end: (id: Id) => Promise<boolean>;
  /** Removes a guest from a room; yields who it was. */
  readonly remove: (roomId: Id, userId: Id) => Promise<store.Guest | undefined>;
}

export function createGuestStreams(
  { db, log: hostLog }: LiveHost,
  { standing, policy, log, streams }: Parts,
): GuestStreams {
  /** Sends to everybody in the room that a guest came, is away for a moment, or left. */
  function announce({ id, roomId, userId }: store.Guest, status: "live" | "paused" | "left"): void {
    const payload = JSON.stringify({ live_id: id, user_id: userId, status });
    log
      .append(roomId, { kind: "guest", class: "reliable", userId, username: "", payload })
      .catch((error: unknown) => hostLog.debug("a guest was not announced", { liveId: roomId, err: error }));
  }

  /**
   * Ends what a removed guest sends to this process. Another process notices that its claim stands no longer, and so does
   * each where a room ended with its guests.
   */
  function endStream(guest: store.Guest | undefined): store.Guest | undefined {
    if (!guest) return undefined;
    streams.end(guest.id);
    if (guest.status !== "waiting") announce(guest, "left");
    return guest;
  }

  return {
    async publishable(id: Id, call: Call): Promise<store.Guest | undefined> {
      const guest = await store.guestById(db, id);
      if (!guest) return undefined;
      if (guest.userId !== call.userId) throw LiveNotFound({});
      const { row } = await standing.visible(guest.roomId, call);
      if (!isOnAir(row)) throw LiveNotFound({});
      await policy.requireUnmuted(call);
      return guest;
    },

    async setPaused(id: Id, isPaused: boolean): Promise<boolean> {
      const guest = await db.tx((tx) => store.setPaused(tx, id, isPaused));
      if (guest) announce(guest, isPaused ? "paused" : "live");
      return guest !== undefined;
    },

    end: async (id: Id): Promise<boolean> => endStream(await db.tx((tx) => store.removeById(tx, id))) !== undefined,

    remove: async (roomId: Id, userId: Id): Promise<store.Guest | undefined> =>
      endStream(await db.tx((tx) => store.removeFrom(tx, roomId, userId))),
  };
}
