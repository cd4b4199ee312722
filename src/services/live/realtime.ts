import { type Call, callerOf, type Id, handlersOf, joinHandlers } from "#kernel";
import { createRoomChat } from "./room/chat/chat.ts";
import { createNameLookup } from "./room/log/names.ts";
import { createChatHistory } from "./room/chat/history.ts";
import { createRoomRealtime } from "./room/log/realtime.ts";
import type { Signal } from "./room/log/room-log.ts";
import { type Live, live } from "./contract.ts";
import { createFanLevels } from "./coins/fan-clubs/fan-clubs.ts";
import { giftTexts } from "./coins/gifts/gift-texts.ts";
import { createGuestStreams } from "./stage/guests/guest-streams.ts";
import { createRoomGuests } from "./stage/guests/guests.ts";
import { createRoomPresence } from "./room/presence/presence.ts";
import { createRoomAdmission } from "./room/presence/room-admission.ts";
import { createRoomTickets } from "./room/presence/tickets.ts";
import { createHeldTexts } from "./room/moderation/held-texts.ts";
import { createHeldMessages } from "./room/moderation/held-messages.ts";
import { createRoomModerators } from "./room/moderation/moderators.ts";
import { createRoomRestrictions } from "./room/moderation/restrictions.ts";
import type { RoomStanding } from "./room/moderation/room-state.ts";
import { createRoomRules } from "./room/moderation/rules.ts";
import type { TextGate } from "./room/moderation/text-gate.ts";
import type { RoomAccess } from "./room/rooms/access.ts";
import type { RoomPolicy } from "./room/rooms/posting-policy.ts";
import type { Rooms } from "./room/rooms/rooms.ts";
import type { Row } from "./room/rooms/room-store.ts";
import type { LiveHost } from "./settings.ts";
import { createPlayback } from "./stage/watch/playback.ts";
import type { Streams } from "./stage/streams/streams.ts";

interface Parts {
  readonly access: RoomAccess;
  readonly policy: RoomPolicy;
  readonly standing: RoomStanding;
  readonly gate: TextGate;
  readonly streams: () => Streams;
  readonly present: (row: Row, call: Call) => Live;
  readonly own: Rooms["own"];
  /** Signs playback tokens. */
  readonly playbackKey: string;
}

/** The people in live rooms: who is let in, what they say, and what they are shown. */
export function createLiveRealtime(host: LiveHost, parts: Parts) {
  const { access, policy, standing, gate, present, own, playbackKey, streams } = parts;
  const realtime = createRoomRealtime(host);
  const nameOf = createNameLookup(host);
  const held = createHeldTexts(host, realtime.log);
  const inRooms = { access, standing, gate, held, nameOf, log: realtime.log };
  const chat = createRoomChat(host, { ...inRooms, fanLevelOf: createFanLevels(host) });
  const play = createPlayback(host, { access, key: playbackKey });
  const { addressesFor } = play;
  const tickets = createRoomTickets(host);
  const guests = createGuestStreams(host, { ...inRooms, policy, streams });
  const presence = createRoomPresence(host, { ...inRooms, tickets, addressesFor, present, own });

  return {
    fanout: realtime.fanout,

    inRooms,

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

    handlers: joinHandlers(
      play.handlers,
      realtime.handlers,
      chat.handlers,
      presence.handlers,
      createRoomAdmission(host, { ...inRooms, tickets, nameOf }),
      createChatHistory(host, { ...inRooms, giftTexts }),
      createRoomRules(host, inRooms),
      createHeldMessages(host, { ...inRooms, giftTexts }),
      createRoomModerators(host, inRooms),
      createRoomRestrictions(host, { ...inRooms, removeGuest: guests.remove }),
      createRoomGuests(host, { ...inRooms, guestStreams: guests }),
      handlersOf(live, {
        async signal(signal, call) {
          const isRelayed = signal.kind !== "user_joined" && signal.kind !== "user_left";
          if (isRelayed) await standing.requireUnrestricted(await standing.visible(signal.id, call), callerOf(call));
          realtime.send(signal, call);
          return {};
        },
      }),
    ),

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
