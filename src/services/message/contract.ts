import { Outcome } from "#events/moderation";
import {
  CacheUnavailable,
  command,
  service,
  failure,
  Id,
  Instant,
  OutgoingRefused,
  page,
  pageInput,
  PublicPath,
  query,
  stream,
} from "#kernel";
import { mutes } from "#policy/copies/mutes";
import { Muted } from "#policy/copies/mutes";
import { AlertKind } from "#services/auth/contract";
import { TheyBlockYou, YouBlockThem } from "#services/relation/contract";
import { UserNotFound } from "#services/user/contract";
import { VideoNotFound } from "#services/video/contract";
import { z } from "zod";

export const ToYourself = failure("invalid", "message.yourself", "you cannot send a message to yourself");
export const MessageNotFound = failure("not_found", "message.not_found", "no such message");
export const ConversationNotFound = failure("not_found", "message.conversation_not_found", "no such conversation");
export const AttachmentNotFound = failure(
  "not_found",
  "message.attachment_not_found",
  "no such media object of yours to send",
);
export const AttachmentMissing = failure(
  "invalid",
  "message.attachment_missing",
  "a picture, video or voice message needs one: a media object of yours, a path of this instance, or a video",
);
export const ForeignMedia = failure(
  "invalid",
  "message.foreign_media",
  "what is attached is a media object of one's own or a path of this instance",
);
export const NotificationNotFound = failure("not_found", "notification.not_found", "no such notification");
export const BadTicket = failure("unauthenticated", "message.bad_ticket", "this ticket was used or has expired");

export const BadMailToken = failure("not_found", "message.bad_mail_token", "this link is not valid any more");
export const TooManySubscriptions = failure(
  "conflict",
  "message.too_many_subscriptions",
  "push messages already go to 20 devices of this account",
);

/** The address at which a push service takes messages for one device (RFC 8030). */
const Endpoint = z.url({ protocol: /^https?$/ }).max(1_000);
/** The public key of a device: a point of P-256, uncompressed, in 65 bytes as base64url. */
const DeviceKey = z.string().regex(/^B[\w-]{86}$/);
/** The secret that a device shares with us: 16 bytes as base64url. */
const DeviceSecret = z.string().regex(/^[\w-]{22}$/);

/** 1 text, 2 picture, 3 video, 4 voice. */
export const MessageType = z.int().min(1).max(4);

/**
 * A message between two users. `mediaUrl` is a path of this instance to its attachment, which only these two may fetch.
 */
export const Message = z
  .object({
    id: Id,
    conversationId: Id,
    senderId: Id,
    receiverId: Id,
    type: MessageType,
    /** The content as it was written. Only a message of type 1 (text) that a moderator removed is empty. */
    content: z.string(),
    mediaUrl: PublicPath,
    videoId: Id.nullable(),
    isRead: z.boolean(),
    readAtMs: Instant.nullable(),
    isMine: z.boolean(),
    /** Unique in its conversation and growing: the order of what was said. */
    createdAtMs: Instant,
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof Message>;

/** A user's own side of a conversation; the name and the picture of the other user are added at the edge. */
export const Conversation = z
  .object({
    id: Id,
    /** The other side. */
    userId: Id,
    lastMessage: Message.nullable(),
    unreadCount: z.int(),
    /** An account that the caller does not follow wrote first, and the caller neither answered nor accepted. */
    isRequest: z.boolean(),
    updatedAtMs: Instant,
  })
  .meta({ id: "Conversation" });

export const notificationKinds = [
  "like",
  "comment",
  "reply",
  "mention",
  "comment_like",
  "follow",
  "follow_request",
  "published",
  "live",
  "welcome",
  "alerted",
  ...Outcome.options,
] as const;
/**
 * `type`: 1 like, 2 comment, 3 follow, 4 mention, 5 system, 6 gift, 7 live started; `kind` is finer. In merged lists one
 * stands for many: `senderIds` are the latest of `senderCount` people, `count` the things that happened.
 */
export const Notification = z
  .object({
    id: Id,
    type: z.int().min(1).max(7),
    kind: z.enum(notificationKinds),
    /** The same for all that are shown as one. */
    groupId: Id,
    senderId: Id.nullable(),
    senderIds: z.array(Id),
    senderCount: z.int(),
    count: z.int(),
    /** The subject: a video, a comment, a live room or a user. */
    relatedId: Id.nullable(),
    videoId: Id.nullable(),
    commentId: Id.nullable(),
    liveId: Id.nullable(),
    /** The act on the account of the reader that an `alerted` one is about; its content is the client, or the name of the token. */
    alert: AlertKind.nullable(),
    title: z.string(),
    content: z.string(),
    isRead: z.boolean(),
    createdAtMs: Instant,
  })
  .meta({ id: "Notification" });
export type Notification = z.infer<typeof Notification>;

export const Unread = z
  .object({ messageCount: z.int(), requestCount: z.int(), notificationCount: z.int() })
  .meta({ id: "UnreadCounts" });

export const updateTypes = ["message", "read", "conversation", "notification", "notifications"] as const;
/**
 * The updates of a user, in order of `seq`. A `message` was sent or received, or the other side has `read` a
 * conversation. A `conversation` changed on another device of the user. A `notification` is new, or `notifications`
 * were read or removed.
 */
export const Update = z
  .object({
    seq: Id,
    type: z.enum(updateTypes),
    conversationId: Id.nullable(),
    message: Message.nullable(),
    notification: Notification.nullable(),
    /** The unread counts of everything, at present. */
    unread: Unread,
    createdAtMs: Instant,
  })
  .meta({ id: "Update" });
export type Update = z.infer<typeof Update>;

const noticed = {
  like: z.boolean(),
  comment: z.boolean(),
  reply: z.boolean(),
  mention: z.boolean(),
  commentLike: z.boolean(),
  follow: z.boolean(),
  published: z.boolean(),
};
/** Mails of these kinds, and of decisions about one's account. */
const MailKinds = z.object({ ...noticed, account: z.boolean() });
/** Push messages of these kinds, of live rooms that start, of decisions about one's account, and of private messages. */
const PushKinds = z.object({ ...noticed, live: z.boolean(), account: z.boolean(), message: z.boolean() });

/**
 * The kinds of notifications a user receives; `mail` and `push` of those which also go there. Live rooms
 * that start are not mailed: mails are sent later, together.
 */
export const NotificationSettings = z
  .object({ ...noticed, live: z.boolean(), mail: MailKinds, push: PushKinds })
  .meta({ id: "NotificationSettings" });

/** Written as it stands, and never changed. */
const Content = z.string().max(2_000);

export const message = service(
  "message",
  1,
  {
    send: command({
      http: "POST /api/v1/messages",
      auth: "user",
      summary: "Sends a message: text, or a picture, video or voice of the caller with or without text.",
      input: z.object({
        receiverId: Id,
        content: Content.default(""),
        type: MessageType.default(1),
        /** The address of a media object of one's own, or a path of this instance. */
        mediaUrl: z.string().max(2_000).optional(),
        videoId: Id.optional(),
      }),
      output: Message,
      errors: [
        ToYourself,
        Muted,
        UserNotFound,
        YouBlockThem,
        TheyBlockYou,
        AttachmentMissing,
        AttachmentNotFound,
        ForeignMedia,
        VideoNotFound,
      ],
    }),
    get: query({
      http: "GET /api/v1/messages/:id",
      auth: "user",
      summary: "A message the caller sent or received.",
      input: z.object({ id: Id }),
      output: Message,
      errors: [MessageNotFound],
    }),
    conversations: query({
      http: "GET /api/v1/conversations",
      auth: "user",
      summary: "The caller's conversations, latest first; `folder` selects message requests, or all others.",
      input: z.object({ folder: z.enum(["all", "inbox", "requests"]).default("all"), ...pageInput }),
      output: page(Conversation),
    }),
    conversation: query({
      http: "GET /api/v1/conversations/:id",
      auth: "user",
      summary: "A conversation of the caller.",
      input: z.object({ id: Id }),
      output: Conversation,
      errors: [ConversationNotFound],
    }),
    conversationWith: query({
      http: "GET /api/v1/users/:id/conversation",
      auth: "user",
      summary: "The conversation with a user; null before the first message.",
      input: z.object({ id: Id }),
      output: z.object({ conversationId: Id.nullable() }),
      errors: [UserNotFound, ToYourself],
    }),
    messages: query({
      http: "GET /api/v1/conversations/:id/messages",
      auth: "user",
      summary: "The messages of a conversation, newest first.",
      input: z.object({ id: Id, ...pageInput }),
      output: page(Message),
      errors: [ConversationNotFound],
    }),
    readConversation: command({
      http: "PUT /api/v1/conversations/:id/read",
      auth: "user",
      idempotent: true,
      summary: "Marks a conversation as read; the other user gets a read receipt, unless it is a request.",
      input: z.object({ id: Id }),
      output: z.object({ unreadCount: z.int() }),
      errors: [ConversationNotFound],
    }),
    accept: command({
      http: "POST /api/v1/conversations/:id/accept",
      auth: "user",
      idempotent: true,
      summary: "Accepts a message request; a reply does the same.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [ConversationNotFound],
    }),
    removeConversation: command({
      http: "DELETE /api/v1/conversations/:id",
      auth: "user",
      idempotent: true,
      summary: "Removes a conversation for the caller; the other user keeps it, and it returns with a new message.",
      input: z.object({ id: Id }),
      output: z.object({}),
      errors: [ConversationNotFound],
    }),

    notifications: query({
      http: "GET /api/v1/notifications",
      auth: "user",
      summary: "The caller's notifications, latest first; `merged` merges those about one subject within a day.",
      input: z.object({
        type: z.int().min(1).max(7).optional(),
        unread: z.boolean().optional(),
        merged: z.boolean().default(false),
        ...pageInput,
      }),
      output: page(Notification).extend({ unreadCount: z.int() }),
    }),
    readNotification: command({
      http: "PUT /api/v1/notifications/:id/read",
      auth: "user",
      idempotent: true,
      summary: "Marks a notification as read; with `merged` all that it stands for.",
      input: z.object({ id: Id, merged: z.boolean().default(false) }),
      output: Notification,
      errors: [NotificationNotFound],
    }),
    readAll: command({
      http: "PUT /api/v1/notifications/read-all",
      auth: "user",
      idempotent: true,
      summary: "Marks all notifications as read; yields how many were new.",
      input: z.object({}),
      output: z.object({ count: z.int() }),
    }),
    settings: query({
      http: "GET /api/v1/notifications/settings",
      auth: "user",
      summary: "Which kinds of notification the caller gets.",
      input: z.object({}),
      output: NotificationSettings,
    }),
    setSettings: command({
      http: "PUT /api/v1/notifications/settings",
      auth: "user",
      idempotent: true,
      summary: "Changes which kinds of notification the caller gets; omitted kinds keep their setting.",
      input: NotificationSettings.partial().extend({
        mail: MailKinds.partial().optional(),
        push: PushKinds.partial().optional(),
      }),
      output: NotificationSettings,
    }),
    /** Ends all notification mails of a user, by the token in each of them. Nobody needs to sign in for it (RFC 8058). */
    endMails: command({
      auth: "service",
      rate: "login",
      idempotent: true,
      input: z.object({ token: z.string().max(100) }),
      output: z.object({}),
      errors: [BadMailToken],
    }),

    pushKey: query({
      http: "GET /api/v1/push/key",
      auth: "user",
      summary: "The key that a browser's push subscription is made with (VAPID, RFC 8292).",
      input: z.object({}),
      output: z.object({ publicKey: z.string() }),
    }),
    subscribe: command({
      http: "POST /api/v1/push/subscriptions",
      auth: "user",
      idempotent: true,
      summary:
        "Sends push messages to a device of the caller while the session lasts: its subscription, as the browser gives it.",
      input: z.object({
        endpoint: Endpoint,
        keys: z.object({ p256dh: DeviceKey, auth: DeviceSecret }),
      }),
      output: z.object({}),
      errors: [TooManySubscriptions, OutgoingRefused],
    }),
    unsubscribe: command({
      http: "DELETE /api/v1/push/subscriptions",
      auth: "user",
      idempotent: true,
      summary: "Ends push messages to a device of the caller.",
      input: z.object({ endpoint: Endpoint }),
      output: z.object({}),
    }),

    unread: query({
      http: "GET /api/v1/updates/unread",
      auth: "user",
      summary: "The caller's unread counts.",
      input: z.object({}),
      output: Unread,
    }),
    updates: query({
      http: "GET /api/v1/updates",
      auth: "user",
      summary:
        "The caller's updates after `after`, as on the WebSocket; `reset` where that is too old: read the lists again and continue from `seq`.",
      input: z.object({
        /** The last `seq` one has; left out, one only learns where to begin. */
        after: z.int().nonnegative().optional(),
        limit: z.int().min(1).max(100).default(100),
      }),
      output: z.object({ items: z.array(Update), seq: z.int(), reset: z.boolean() }),
    }),
    ticket: command({
      http: "POST /api/v1/ws/ticket",
      auth: "user",
      summary: "A ticket that opens the WebSocket once, within 30 seconds.",
      input: z.object({}),
      output: z.object({ ticket: z.string(), expiresAtMs: Instant }),
      errors: [CacheUnavailable],
    }),

    /** The session that a ticket stands for; redeeming uses it up. */
    redeem: command({
      auth: "service",
      input: z.object({ ticket: z.string().max(100) }),
      output: z.object({ userId: Id, sessionId: z.string() }),
      errors: [BadTicket, CacheUnavailable],
    }),
    /** A stream of the caller's latest `seq`, the current one first. */
    follow: stream({ auth: "service", input: z.object({ userId: Id }), output: z.object({ seq: z.int() }) }),
    /** The attachment of a message of the caller. */
    attachment: query({
      auth: "service",
      input: z.object({ id: Id }),
      output: z.object({ mediaId: Id }),
      errors: [MessageNotFound],
    }),
    /** The messages between the caller and another user strictly after an instant, oldest first. */
    chat: query({
      auth: "service",
      input: z.object({
        userId: Id,
        after: Instant.default(0),
        limit: z.int().min(1).max(1_000).default(500),
      }),
      output: z.object({ items: z.array(Message) }),
      errors: [UserNotFound],
    }),
    /** The latest message between the caller and each of the given users, without users that have none. */
    latestWith: query({
      auth: "service",
      input: z.object({ userIds: z.array(Id).max(200) }),
      output: z.object({ items: z.array(z.object({ userId: Id, message: Message })) }),
    }),
    ...mutes.methods,
  },
  { holdsUserData: true, scopes: { query: "messages:read", command: "messages:write" } },
);
