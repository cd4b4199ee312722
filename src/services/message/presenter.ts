import type { Id } from "#kernel";
import { alertTitle } from "#policy/mails/alerts";
import { AlertKind } from "#services/auth/contract";
import type { Message, Notification } from "./contract.ts";
import type { Row as MessageRow } from "./conversations/conversation-store.ts";
import { type Kind, typeOf } from "./notifications/facts.ts";
import type { Row as NotificationRow } from "./notifications/notification-store.ts";

/** A message as one of the two sees it. Pure. */
export function messageOf(row: MessageRow, viewer: Id): Message {
  const isMine = row.senderId === viewer;
  const readAtMs = isMine && row.isHeld ? null : row.readAtMs;
  return {
    id: row.id,
    conversationId: row.conversationId,
    senderId: row.senderId,
    receiverId: row.receiverId,
    type: row.type,
    content: row.content,
    mediaUrl: row.mediaId === null ? row.mediaPath : `/api/v1/messages/${row.id}/media`,
    videoId: row.videoId,
    isRead: readAtMs !== null,
    readAtMs,
    isMine,
    createdAtMs: row.createdAtMs,
  };
}

/** The subject of each kind: a user, a comment, a live room or a video. */
const relatedOf = ({ kind, factId, commentId, liveId, videoId }: NotificationRow): Id | null =>
  kind === "follow" || kind === "follow_request" ? factId : (commentId ?? liveId ?? videoId);

export function notificationOf(row: NotificationRow): Notification {
  const kind = row.kind as Kind; // Nothing else is ever kept.
  const alert = kind === "alerted" ? (AlertKind.safeParse(row.title).data ?? null) : null;
  return {
    id: row.id,
    type: typeOf[kind],
    kind,
    groupId: row.groupId,
    senderId: row.senderId > 0 ? row.senderId : null,
    senderIds: [...row.senderIds],
    senderCount: row.senderCount,
    count: row.count,
    relatedId: relatedOf(row),
    videoId: row.videoId,
    commentId: row.commentId,
    liveId: row.liveId,
    alert,
    title: alert === null ? row.title : (alertTitle("en", alert) ?? ""),
    content: row.content,
    isRead: row.isRead,
    createdAtMs: row.createdAtMs,
  };
}
