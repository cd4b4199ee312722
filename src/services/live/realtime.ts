import { type Call, callerOf, type Id } from "#kernel";
import { roomChat } from "./chat/chat.ts";
import { chatHistory } from "./chat/history.ts";
import { roomRealtime } from "./chat/realtime.ts";
import type { Signal } from "./chat/room-log.ts";
import type { GiftRecord, Live } from "./contract.ts";
import { guestStreams } from "./guests/guest-streams.ts";
import { roomGuests } from "./guests/guests.ts";
import { roomPresence } from "./presence/presence.ts";
import { roomAdmission } from "./presence/room-admission.ts";
import { roomTickets } from "./presence/tickets.ts";
import { heldMessages } from "./room-moderation/held-messages.ts";
import { roomModerators } from "./room-moderation/moderators.ts";
import { roomRestrictions } from "./room-moderation/restrictions.ts";
import { RoomStanding } from "./room-moderation/room-state.ts";
import { roomRules } from "./room-moderation/rules.ts";
import type { RoomAccess } from "./rooms/access.ts";
import type { RoomPolicy } from "./rooms/posting-policy.ts";
import type { rooms } from "./rooms/rooms.ts";
import type { Row } from "./rooms/room-store.ts";
import type { LiveHost } from "./settings.ts";
import { playback } from "./streams/playback.ts";
import type { Streams } from "./streams/streams.ts";

interface Parts {
  readonly access: RoomAccess;
  readonly policy: RoomPolicy;
  readonly streams: () => Streams;
  readonly present: (row: Row, call: Call) => Live;
  readonly own: ReturnType<typeof rooms>["own"];
  /** Signs playback tokens. */
  readonly playbackKey: string;
}

/** The people in live rooms: who is let in, what they say, and what they are shown. */
export function liveRealtime(host: LiveHost, { access, policy, present, own, playbackKey, streams }: Parts) {
  const realtime = roomRealtime(host);
  const standing = new RoomStanding(host, access);
  const inRooms = { access, standing, log: realtime.log };
  const chat = roomChat(host, inRooms);
  const play = playback(host, { access, key: playbackKey, standing });
  const { addressesFor } = play;
  const tickets = roomTickets(host);
  const guests = guestStreams(host, { ...inRooms, policy, streams });
  const presence = roomPresence(host, { ...inRooms, tickets, addressesFor, present, own });

  return {
    fanout: realtime.fanout,

    /** A gift was paid; the room shows it with who gave it. */
    gifted: (record: GiftRecord, { traceId }: Call): void => {
      const { userId } = record;
      if (userId === null) realtime.gifted(record, undefined);
      else
        chat.nameOf(userId, host.call({ waitMs: 2_000, traceId })).then(
          (giver) => realtime.gifted(record, giver),
          () => realtime.gifted(record, undefined),
        );
    },

    /** Whether the caller may watch a room. @throws LiveNotFound, PasswordNeeded, BadPlaybackToken, BannedFromRoom */
    mayWatch: (input: { id: number; token?: string | undefined }, call: Call) => play.handlers.playback(input, call),

    guests,

    /** Sends something once to those who are in a room. */
    signal: (liveId: Id, signal: Signal): void => realtime.log.signal(liveId, signal),

    /** A room was started, changed, paused or ended; or its key was replaced, which concerns nobody in it. */
    changed(row: Row, isNewKey = false): void {
      standing.forget(row.id);
      if (!isNewKey) realtime.changed(row);
    },

    handlers: {
      ...play.handlers,
      ...realtime.handlers,
      async signal(signal: Parameters<typeof realtime.handlers.signal>[0], call: Call) {
        const isRelayed = signal.kind !== "user_joined" && signal.kind !== "user_left";
        if (isRelayed) await standing.requireUnrestricted(await standing.visible(signal.id, call), callerOf(call));
        return realtime.handlers.signal(signal, call);
      },
      ...chat.handlers,
      ...presence.handlers,
      ...roomAdmission(host, { ...inRooms, tickets, nameOf: chat.nameOf }),
      ...chatHistory(host, inRooms),
      ...roomRules(host, inRooms),
      ...heldMessages(host, inRooms),
      ...roomModerators(host, inRooms),
      ...roomRestrictions(host, { ...inRooms, removeGuest: guests.remove }),
      ...roomGuests(host, { ...inRooms, guestStreams: guests }),
    },

    schedules: [
      { name: "live.viewers", pattern: "* * * * *", run: () => presence.everyMinute() },
      { name: "live.messages", pattern: "17 * * * *", run: () => realtime.purge() },
    ],

    async stop(): Promise<void> {
      presence.stop();
      await realtime.stop();
    },
  };
}
