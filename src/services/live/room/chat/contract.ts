import { Status } from "#events/live";
import {
  command,
  Duration,
  failure,
  Id,
  Instant,
  named,
  page,
  pageInput,
  PublicPath,
  query,
  Said,
  SocketPath,
  stream,
} from "#kernel";
import { WordsRefused } from "#policy/copies/blocklist";
import { Muted } from "#policy/copies/mutes";
import { z } from "zod";
import { Bytes } from "../../fields.ts";
import { BannedFromRoom, Live, LiveNotFound, NotLive, NotYourLive, lockFailures } from "../rooms/contract.ts";

export const MutedInRoom = failure(
  "denied",
  "live.muted",
  "you may not write in this live room for now",
  z.object({ untilMs: Instant.optional() }),
);
export const ChatClosed = failure("denied", "live.chat_closed", "the chat of this live room is closed");
export const FollowersOnly = failure("denied", "live.followers_only", "only followers write in this live room");
export const ChatBlocked = failure("denied", "live.chat_blocked", "you cannot write in this live room");
export const NotRoomModerator = failure(
  "denied",
  "live.not_moderator",
  "only the owner of a live room and its moderators can do this",
);
export const WordsRefusedHere = failure(
  "invalid",
  "live.words_refused",
  "this has words that are not said in this live room",
);
const retryAfterMs = z.object({ retryAfterMs: z.int() });
export const SlowMode = failure(
  "exhausted",
  "live.slow_mode",
  "this chat is slow, wait before the next message",
  retryAfterMs,
);
export const ChatTooFast = failure(
  "exhausted",
  "live.chat_too_fast",
  "you write too fast, wait a moment",
  retryAfterMs,
);
export const MessageNotFound = failure("not_found", "live.message_not_found", "no such message in this live room");
export const NotRestrictable = failure("conflict", "live.not_restrictable", "this account cannot be restricted here");
export const TooManyRoomModerators = failure(
  "conflict",
  "live.too_many_moderators",
  "a live room has at most 50 moderators",
);
export const BadRoomTicket = failure("unauthenticated", "live.bad_ticket", "this ticket was used, or is too old");

/** `host` is the owner of the room. */
const Badge = z.enum(["", "host", "moderator"]);
/** A stored message or event of a room. */
export const RoomMessage = z
  .object({
    /** Grows by one with each message of the room. */
    seq: z.int().nonnegative(),
    /** `chat`, or what happened: `gift`, `gift_text`, `room`, `pin`, `unpin`, `deleted`, `restricted`, `ended` … */
    kind: named("type", z.string()),
    /** 0 where no account is behind it. */
    userId: z.int().nonnegative(),
    username: z.string(),
    nickname: z.string(),
    avatar: PublicPath,
    badge: Badge,
    /** The level in the fan club of the host when it was written; 0 for who is no member. */
    fanLevel: z.int().nonnegative(),
    /** The text of a chat message; empty for all else. */
    content: z.string(),
    /** The details of the event as JSON; empty for a chat message. */
    detail: z.string(),
    createdAtMs: Instant,
  })
  .meta({ id: "LiveMessage" });
export type RoomMessage = z.infer<typeof RoomMessage>;
export const HeldMessage = z
  .object({
    id: Id,
    userId: Id,
    username: z.string(),
    nickname: z.string(),
    avatar: PublicPath,
    content: z.string(),
    /** Why it waits: `link`, or `word: …`. */
    reason: z.string(),
    /** The gift whose words it is; null for a chat message. */
    giftRecordId: Id.nullable(),
    createdAtMs: Instant,
  })
  .meta({ id: "HeldLiveMessage" });
export type HeldMessage = z.infer<typeof HeldMessage>;

/** One thing on its way to the sockets of a room. `payload` is JSON, written once. */
export const RoomLine = z.object({
  /** The message's place in the room's sequence; 0 for a message that is not stored. */
  seq: z.int().nonnegative(),
  kind: z.string(),
  userId: z.int().nonnegative(),
  username: z.string(),
  payload: z.string(),
  atMs: Instant,
  /** It is for this user alone. */
  toUserId: Id.optional(),
});
export type RoomLine = z.infer<typeof RoomLine>;
/** The messages and events of a room in one tick. */
export const RoomBatch = z.object({
  /** The number before the first and of the last message of the sequence; equal where there is none in it. */
  from: z.int().nonnegative(),
  seq: z.int().nonnegative(),
  lines: z.array(RoomLine),
});
export type RoomBatch = z.infer<typeof RoomBatch>;

const Keyword = z.object({ pattern: Said(50), action: z.enum(["hold", "refuse"]) });
const chatSettings = {
  isOpen: z.boolean(),
  /** Between two messages of one viewer. */
  slowMode: z.int().min(0).max(3_600).describe("seconds; 0 is off"),
  followersOnly: z.boolean(),
  /** Links of who does not follow the owner are held. */
  holdLinks: z.boolean(),
};
export const ChatSettings = z
  .object({
    ...chatSettings,
    keywords: z.array(Keyword),
    /** True if the caller is the owner or a moderator. */
    mayModerate: z.boolean(),
  })
  .meta({ id: "LiveChatSettings" });
export type ChatSettings = z.infer<typeof ChatSettings>;

const inRoom = { id: Id };
const ofUserInRoom = { id: Id, userId: Id };
const inMessage = { id: Id, seq: z.int().positive() };
const visible = [LiveNotFound, ...lockFailures, BannedFromRoom];
const moderated = [...visible, NotRoomModerator];
export const RoomRestriction = z.object({
  userId: Id,
  kind: z.enum(["mute", "ban"]),
  untilMs: Instant.nullable(),
  createdAtMs: Instant,
});
export const RoomModerator = z.object({ userId: Id, createdAtMs: Instant });

/** How many watched a room at a minute. */
export const ViewerCount = z.object({ atMs: Instant, viewers: z.int() }).meta({ id: "LiveViewerCount" });

/** The persons in a room of one gateway, by the names of `policy/persons.ts`. */
export const RoomReport = z.object({
  id: Id,
  /** `changes` lists every person in the room and replaces all earlier reports. */
  isWhole: z.boolean(),
  /** Their connections now; 0 for a person who left. */
  changes: z.array(z.object({ person: z.string().max(64), connections: z.int().nonnegative() })).max(20_000),
});

/** Chat, presence and moderation of rooms: what viewers do, then what the gateway asks. */
export const chatMethods = {
  join: command({
    http: "POST /api/v1/lives/:id/join",
    auth: "user",
    idempotent: true,
    summary: "Enters a room that is live: where it is played, and a socket address that opens once within 30 seconds.",
    input: z.object(inRoom),
    output: z.object({
      live: Live,
      onlineCount: z.int(),
      wsUrl: SocketPath,
      playUrl: PublicPath,
      hlsUrl: PublicPath,
      flvUrl: PublicPath,
      webrtcUrl: PublicPath,
    }),
    errors: [...visible, NotLive],
  }),
  leave: command({
    http: "POST /api/v1/lives/:id/leave",
    auth: "user",
    idempotent: true,
    summary: "Leaves a room that was entered by `join`.",
    input: z.object(inRoom),
    output: z.object({ onlineCount: z.int() }),
    errors: visible,
  }),
  viewers: query({
    http: "GET /api/v1/lives/:id/viewers",
    auth: "user",
    summary: "How many watched a live room of the caller at each minute of the last day that it was live.",
    input: z.object(inRoom),
    output: z.object({ items: z.array(ViewerCount) }),
    errors: [LiveNotFound, NotYourLive],
  }),
  say: command({
    http: "POST /api/v1/lives/:id/messages",
    auth: "user",
    summary: "Writes in the chat of a room that is live, as `chat` on its socket does.",
    input: z.object({ ...inRoom, content: Said(500) }),
    /** `message` is null where it is held until the owner or a moderator allows it. */
    output: z.object({ message: RoomMessage.nullable(), isHeld: z.boolean() }),
    errors: [
      ...visible,
      NotLive,
      MutedInRoom,
      ChatClosed,
      FollowersOnly,
      ChatBlocked,
      SlowMode,
      ChatTooFast,
      Muted,
      WordsRefused,
      WordsRefusedHere,
    ],
  }),
  messages: query({
    http: "GET /api/v1/lives/:id/messages",
    auth: "public",
    summary: "What was said and happened in a room, the newest first.",
    input: z.object({ ...inRoom, ...pageInput }),
    output: page(RoomMessage),
    errors: visible,
  }),
  deleteMessage: command({
    http: "DELETE /api/v1/lives/:id/messages/:seq",
    auth: "user",
    idempotent: true,
    summary:
      "Deletes a message for everybody: one of the caller, or as the owner or a moderator of the room. A gift stays without its words.",
    input: z.object(inMessage),
    output: z.object({}),
    errors: [...moderated, MessageNotFound],
  }),
  pinned: query({
    http: "GET /api/v1/lives/:id/pinned",
    auth: "public",
    summary: "The message that stays above the chat, or null.",
    input: z.object(inRoom),
    output: z.object({ message: RoomMessage.nullable() }),
    errors: visible,
  }),
  pin: command({
    http: "PUT /api/v1/lives/:id/pinned",
    auth: "user",
    idempotent: true,
    summary: "Keeps one message above the chat, in place of the one before.",
    input: z.object(inMessage),
    output: z.object({}),
    errors: [...moderated, MessageNotFound],
  }),
  unpin: command({
    http: "DELETE /api/v1/lives/:id/pinned",
    auth: "user",
    idempotent: true,
    summary: "Takes the message above the chat away.",
    input: z.object(inRoom),
    output: z.object({}),
    errors: moderated,
  }),
  chat: query({
    http: "GET /api/v1/lives/:id/chat",
    auth: "public",
    summary: "How the chat of a room is moderated; its keywords are for the owner and moderators alone.",
    input: z.object(inRoom),
    output: ChatSettings,
    errors: visible,
  }),
  setChat: command({
    http: "PUT /api/v1/lives/:id/chat",
    auth: "user",
    idempotent: true,
    summary: "Changes how the chat of a room is moderated; omitted fields keep their value.",
    input: z.object({
      ...inRoom,
      ...z.object(chatSettings).partial().shape,
      keywords: z.array(Keyword).max(100).optional(),
    }),
    output: ChatSettings,
    errors: moderated,
  }),
  held: query({
    http: "GET /api/v1/lives/:id/held",
    auth: "user",
    summary: "Messages that wait for the owner or a moderator of the room, the newest first.",
    input: z.object({ ...inRoom, ...pageInput }),
    output: page(HeldMessage),
    errors: moderated,
  }),
  allowHeld: command({
    http: "POST /api/v1/lives/:id/held/:held_id",
    auth: "user",
    idempotent: true,
    summary: "Sends a held message to the room.",
    input: z.object({ ...inRoom, heldId: Id }),
    output: z.object({}),
    errors: [...moderated, MessageNotFound],
  }),
  hideHeld: command({
    http: "DELETE /api/v1/lives/:id/held/:held_id",
    auth: "user",
    idempotent: true,
    summary: "Drops a held message.",
    input: z.object({ ...inRoom, heldId: Id }),
    output: z.object({}),
    errors: [...moderated, MessageNotFound],
  }),
  roomModerators: query({
    http: "GET /api/v1/lives/:id/moderators",
    auth: "user",
    summary: "The moderators of a room.",
    input: z.object(inRoom),
    output: z.object({ items: z.array(RoomModerator) }),
    errors: moderated,
  }),
  addModerator: command({
    http: "POST /api/v1/lives/:id/moderators/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Makes an account a moderator of a room of the caller.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: [...visible, NotYourLive, NotRestrictable, TooManyRoomModerators],
  }),
  removeModerator: command({
    http: "DELETE /api/v1/lives/:id/moderators/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Takes the role of a moderator in a room of the caller back.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: [...visible, NotYourLive],
  }),
  restrictions: query({
    http: "GET /api/v1/lives/:id/restrictions",
    auth: "user",
    summary: "The accounts that may not write in a room, or not watch it.",
    input: z.object({ ...inRoom, ...pageInput }),
    output: page(RoomRestriction),
    errors: moderated,
  }),
  muteInRoom: command({
    http: "POST /api/v1/lives/:id/mutes/:user_id",
    auth: "user",
    idempotent: true,
    summary: "An account may not write in a room for so many minutes.",
    input: z.object({ ...ofUserInRoom, minutes: z.int().min(1).max(525_600).default(10) }),
    output: z.object({}),
    errors: [...moderated, NotRestrictable],
  }),
  unmuteInRoom: command({
    http: "DELETE /api/v1/lives/:id/mutes/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Ends the mute of an account in a room.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: moderated,
  }),
  banFromRoom: command({
    http: "POST /api/v1/lives/:id/bans/:user_id",
    auth: "user",
    idempotent: true,
    summary: "An account leaves a room, and may neither watch it nor come back.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: [...moderated, NotRestrictable],
  }),
  unbanFromRoom: command({
    http: "DELETE /api/v1/lives/:id/bans/:user_id",
    auth: "user",
    idempotent: true,
    summary: "Ends the ban of an account from a room.",
    input: z.object(ofUserInRoom),
    output: z.object({}),
    errors: moderated,
  }),

  /** The holder of a ticket that `join` gave for a room, once. */
  redeemTicket: command({
    auth: "service",
    idempotent: true,
    input: z.object({ ...inRoom, ticket: z.string().regex(/^[\w-]{22}$/) }),
    output: z.object({
      userId: Id,
      sessionId: z.string(),
      role: z.enum(["user", "moderator", "admin"]),
      unlock: z.string().optional(),
    }),
    errors: [BadRoomTicket],
  }),
  /** Lets the caller follow a room on a socket, and says as which user. */
  attend: command({
    auth: "public",
    idempotent: true,
    input: z.object(inRoom),
    output: z.object({
      ownerId: Id,
      username: z.string(),
      status: Status,
      onlineCount: z.int(),
      generation: z.int(),
      /** The viewer has shown to know the password. */
      isGranted: z.boolean().default(false),
    }),
    errors: [...visible, NotLive],
  }),
  /** The viewers that `attend` let in and that may not stay. 0 is a viewer without an account. */
  dismissed: query({
    auth: "service",
    input: z.object({
      ...inRoom,
      generation: z.int(),
      /** They knew the password of that generation; absent from gateways of a version before. */
      isGranted: z.boolean().optional(),
      userIds: z.array(z.int().nonnegative()).max(5_000),
    }),
    output: z.object({ status: Status.nullable(), userIds: z.array(z.int()) }),
  }),
  /** The messages and events of a room, in batches; with `after`, the missed ones come first. */
  room: stream({
    auth: "service",
    input: z.object({ ...inRoom, after: z.int().nonnegative().optional() }),
    output: RoomBatch,
  }),
  /** At most 500 messages after a number; `from` is higher than `after` where older ones are left out. */
  roomAfter: query({
    auth: "service",
    input: z.object({ ...inRoom, after: z.int().nonnegative() }),
    output: RoomBatch,
  }),
  /** The chat during a recording, by its position in the video, in the order of its numbers. */
  recordedChat: query({
    auth: "service",
    input: z.object({ ...inRoom, videoId: Id, after: z.int().nonnegative() }),
    output: z.object({
      items: z.array(
        z.object({
          seq: z.int(),
          userId: Id,
          positionMs: Duration,
          content: z.string(),
          createdAtMs: Instant,
        }),
      ),
      /** The number to go on after; null at the end. */
      next: z.int().nullable(),
    }),
  }),
  /** Sends something to the sockets of a room that is not kept. */
  signal: command({
    auth: "service",
    input: z.object({
      ...inRoom,
      kind: z.enum(["user_joined", "user_left", "offer", "answer", "ice"]),
      username: z.string().max(100),
      payload: z.string().max(65_536),
      toUserId: Id.optional(),
    }),
    output: z.object({}),
    errors: [LiveNotFound, ...lockFailures, BannedFromRoom, MutedInRoom],
  }),
  likeRoom: command({
    auth: "service",
    input: z.object({ ...inRoom, count: z.int().min(1).max(1_000_000) }),
    output: z.object({}),
  }),
  /** Records arrivals in and departures from the rooms of a gateway since its last report; returns the viewers over all gateways. */
  presence: command({
    auth: "service",
    idempotent: true,
    input: z.object({
      instance: z.string().max(300),
      rooms: z.array(RoomReport).max(1_000),
    }),
    output: z.object({ items: z.array(z.object({ id: Id, onlineCount: z.int() })) }),
  }),
  /** A message that another process of this service publishes. */
  deliver: command({
    auth: "service",
    idempotent: true,
    input: z.object({ topic: z.string().max(100), bytes: Bytes, from: z.string().max(64) }),
    output: z.object({}),
  }),
};
