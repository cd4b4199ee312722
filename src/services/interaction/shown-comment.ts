import { once } from "#kernel/once";
import type { Id } from "#kernel";
import type { Row } from "./comment-store.ts";
import type { Comment } from "./contract.ts";

/** What others than its author are shown, made once of a row that is kept. */
const toOthers = once((row: Row) => shownTo(row, false, false));
const toWhoLikes = once((row: Row) => shownTo(row, true, false));

/** A comment as somebody is shown it; of a row that is kept, everybody but its author is given the same frozen object. */
export function shownComment(row: Row, viewerId: Id | undefined, isLiked: boolean): Comment {
  if (row.userId === viewerId) return shownTo(row, isLiked, true);
  return isLiked ? toWhoLikes(row) : toOthers(row);
}

const shownTo = (row: Row, isLiked: boolean, isMine: boolean): Comment => ({
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
  isLiked,
  isMine,
  isByOwner: row.userId === row.videoAuthorId,
});
