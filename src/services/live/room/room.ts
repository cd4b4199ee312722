import {
  type Call,
  callerOf,
  type Fanout,
  handlersOf,
  type Id,
  joinHandlers,
  type RotatingKey,
  type Schedule,
} from "#kernel";
import type { GateCheck } from "#policy/gates/check";
import { createGateFacts } from "#policy/gates/facts";
import { createThingAccess } from "#policy/gates/thing-access";
import { auth } from "#services/auth/contract";
import { relation } from "#services/relation/contract";
import { live } from "../contract.ts";
import type { LiveHost } from "../settings.ts";
import { createRoomChat } from "./chat/chat.ts";
import { createChatHistory } from "./chat/history.ts";
import type { GiftTexts } from "./log/gift-texts.ts";
import { createNameLookup } from "./log/names.ts";
import { createRoomRealtime, type RoomRealtime } from "./log/realtime.ts";
import { createBanCheck } from "./moderation/bans.ts";
import { createHeldMessages } from "./moderation/held-messages.ts";
import { createHeldTexts } from "./moderation/held-texts.ts";
import type { InRooms } from "./moderation/in-rooms.ts";
import { createRoomModerators } from "./moderation/moderators.ts";
import { createRoomRestrictions } from "./moderation/restrictions.ts";
import { RoomStanding } from "./moderation/room-state.ts";
import { createRoomRules } from "./moderation/rules.ts";
import { createTextGate, type TextGate } from "./moderation/text-gate.ts";
import { createRoomPresence } from "./presence/presence.ts";
import { createRoomAdmission } from "./presence/room-admission.ts";
import { createRoomTickets } from "./presence/tickets.ts";
import type { RoomSignals } from "./room-signals.ts";
import { createRoomAccess, type RoomAccess } from "./rooms/access.ts";
import { createRoomCreation } from "./rooms/creation.ts";
import { createRoomLists } from "./rooms/lists.ts";
import { createRoomPolicy, type RoomPolicy } from "./rooms/posting-policy.ts";
import { createRoomEvents, type RoomEvents } from "./rooms/room-events.ts";
import type { Row } from "./rooms/room-store.ts";
import { createRooms, type Rooms } from "./rooms/rooms.ts";

/** The right to see rooms and to write into them, and how their changes are published. */
export interface RoomBasis {
  readonly signals: RoomSignals;
  readonly access: RoomAccess;
  readonly standing: RoomStanding;
  readonly gate: TextGate;
  readonly policy: RoomPolicy;
  readonly events: RoomEvents;
  /** Call it after the commit. */
  readonly changed: (row: Row, isNewKey?: boolean) => void;
}

/** `key`: the key that signs unlock tokens. */
export function createRoomBasis(host: LiveHost, key: RotatingKey, signals: RoomSignals): RoomBasis {
  const { db, client, call, log, now } = host;
  const services = { relations: client(relation), wallets: client(auth) };
  const facts = createGateFacts({ ...services, db, kind: "live", call, log, now });
  const things = createThingAccess({ facts, key, now });
  const access = createRoomAccess(host, { things, requireNotBanned: createBanCheck(host) });
  const standing = new RoomStanding(host, access);
  const emitChange = (row: Row, isNewKey = false) => void signals.changed.emit(row, isNewKey);
  const [gate, policy] = [createTextGate(host, standing), createRoomPolicy(host)];
  return { signals, access, standing, gate, policy, events: createRoomEvents(host), changed: emitChange };
}

/** The parts of rooms that the other wings use. */
export interface Room extends Pick<Rooms, "requireOwnRoom" | "present"> {
  readonly inRooms: InRooms;
  /** To the processes of this service. */
  readonly fanout: Fanout;
}

interface Parts extends RoomBasis {
  readonly key: RotatingKey;
  readonly addressesFor: (row: Row, call: Call) => Readonly<Record<"hlsUrl" | "flvUrl" | "webrtcUrl", string>>;
  readonly fanLevelOf: (fan: { readonly ownerId: Id; readonly userId: Id }) => Promise<number>;
  readonly giftTexts: GiftTexts;
  readonly checkGate: GateCheck;
}

/**
 * The users in live rooms: who is let in, what they say, and what they are shown. No part of this wing ends a room:
 * `stage/room-lifecycle.ts` decides that, and this wing learns of it by a signal.
 */
export function startRoom(host: LiveHost, parts: Parts) {
  const { signals, standing, gate } = parts;
  const realtime = createRoomRealtime(host);
  const [held, nameOf] = [createHeldTexts(host, realtime.log), createNameLookup(host)];
  const inRooms = { standing, gate, held, nameOf, log: realtime.log };
  const rooms = createRooms(host, parts);
  const { requireOwnRoom, present } = rooms;
  const tickets = createRoomTickets(host);
  const within = { ...parts, ...inRooms, requireOwnRoom, present, tickets };
  const presence = createRoomPresence(host, within);
  signals.changed.subscribe((row, isNewKey) => {
    standing.forget(row.id);
    if (!isNewKey) realtime.changed(row);
  });
  const room: Room = { requireOwnRoom, present, inRooms, fanout: realtime.fanout };
  const schedules: Schedule[] = [
    { name: "live.viewers", pattern: "* * * * *", run: () => presence.everyMinute() },
    { name: "live.messages", pattern: "17 * * * *", run: () => realtime.purge() },
  ];
  return {
    room,
    handlers: joinHandlers(
      rooms.handlers,
      realtime.handlers,
      presence.handlers,
      moderationHandlers(host, within),
      { create: createRoomCreation(host, within) },
      createRoomLists(host, within),
      createRoomChat(host, within).handlers,
      createRoomAdmission(host, within),
      createSignals(standing, realtime),
    ),
    schedules,
    async stop(): Promise<void> {
      presence.stop();
      await realtime.stop();
    },
  };
}

const moderationHandlers = (host: LiveHost, parts: Parts & InRooms) =>
  joinHandlers(
    createChatHistory(host, parts),
    createRoomRules(host, parts),
    createHeldMessages(host, parts),
    createRoomModerators(host, parts),
    createRoomRestrictions(host, parts),
  );

const createSignals = (standing: RoomStanding, realtime: Pick<RoomRealtime, "send">) =>
  handlersOf(live, {
    async signal(signal, call) {
      const isRelayed = signal.kind !== "user_joined" && signal.kind !== "user_left";
      if (isRelayed) await standing.requireUnrestricted(await standing.visible(signal.id, call), callerOf(call));
      realtime.send(signal, call);
      return {};
    },
  });
