import { type Call, callerOf, type Id, handlersOf, joinHandlers } from "#kernel";
import { roomChat } from "./room/chat/chat.ts";
import { nameLookup } from "./room/log/names.ts";
import { chatHistory } from "./room/chat/history.ts";
import { roomRealtime } from "./room/log/realtime.ts";
import type { Signal } from "./room/log/room-log.ts";
import { type Live, live } from "./contract.ts";
import { fanLevels } from "./coins/fan-clubs/fan-clubs.ts";
import { giftTexts } from "./coins/gifts/gift-texts.ts";
import { guestStreams } from "./stage/guests/guest-streams.ts";
import { roomGuests } from "./stage/guests/guests.ts";
import { roomPresence } from "./room/presence/presence.ts";
import { roomAdmission } from "./room/presence/room-admission.ts";
import { roomTickets } from "./room/presence/tickets.ts";
import { heldTexts } from "./room/moderation/held-texts.ts";
import { heldMessages } from "./room/moderation/held-messages.ts";
import { roomModerators } from "./room/moderation/moderators.ts";
import { roomRestrictions } from "./room/moderation/restrictions.ts";
import type { RoomStanding } from "./room/moderation/room-state.ts";
import { roomRules } from "./room/moderation/rules.ts";
import type { TextGate } from "./room/moderation/text-gate.ts";
import type { RoomAccess } from "./room/rooms/access.ts";
import type { RoomPolicy } from "./room/rooms/posting-policy.ts";
import type { rooms } from "./room/rooms/rooms.ts";
import type { Row } from "./room/rooms/room-store.ts";
import type { LiveHost } from "./settings.ts";
import { playback } from "./stage/watch/playback.ts";
import type { Streams } from "./stage/streams/streams.ts";

interface Parts {
  readonly access: RoomAccess;
  readonly policy: RoomPolicy;
  readonly standing: RoomStanding;
  readonly gate: TextGate;
  readonly streams: () => Streams;
  readonly present: (row: Row, call: Call) => Live;
  readonly own: ReturnType<typeof rooms>["own"];
  /** Signs playback tokens. */
  readonly playbackKey: string;
}

/** The people in live rooms: who is let in, what they say, and what they are shown. */
export function liveRealtime(host: LiveHost, parts: Parts) {
  const { access, policy, standing, gate, present, own, playbackKey, streams } = parts;
  const realtime = roomRealtime(host);
  const nameOf = nameLookup(host);
  const held = heldTexts(host, realtime.log);
  const inRooms = { access, standing, gate, held, nameOf, log: realtime.log };
  const chat = roomChat(host, { ...inRooms, fanLevelOf: fanLevels(host) });
  const play = playback(host, { access, key: playbackKey });
  const { addressesFor } = play;
  const tickets = roomTickets(host);
  const guests = guestStreams(host, { ...inRooms, policy, streams });
  const presence = roomPresence(host, { ...inRooms, tickets, addressesFor, present, own });

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
      roomAdmission(host, { ...inRooms, tickets, nameOf }),
      chatHistory(host, { ...inRooms, giftTexts }),
      roomRules(host, inRooms),
      heldMessages(host, { ...inRooms, giftTexts }),
      roomModerators(host, inRooms),
      roomRestrictions(host, { ...inRooms, removeGuest: guests.remove }),
      roomGuests(host, { ...inRooms, guestStreams: guests }),
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
