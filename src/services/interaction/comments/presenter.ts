import type { Id } from "#kernel";
import type { Row } from "./comment-store.ts";
import type { Comment } from "../contract.ts";

/** A comment as a viewer reads it. */
export const presentComment = (row: Row, viewerId: Id | undefined, isLiked: boolean): Comment => ({
  id: row.id,
  videoId: row.videoId,
  userId: row.userId,
  parentId: row.parentId,
  rootId: row.rootId,
  replyToUserId: row.replyToUserId,
  content: row.content,
  isHeld: row.isHeld,
  isPinned: row.isPinned === 1,
  likeCount: row.likeCount,
  replyCount: row.replyCount,
  createdAtMs: row.createdAtMs,
  editedAtMs: row.editedAtMs,
  isLiked,
  isMine: row.userId === viewerId,
  isByOwner: row.userId === row.videoAuthorId,
});
