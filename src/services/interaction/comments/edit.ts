import { requireAccount } from "#policy/account";
import { commentEdited } from "#events/interaction";
import { type Call, callerOf, type Host, type Id } from "#kernel";
import type { ViewerAccess } from "../access.ts";
import { CommentNotFound, CommentsOff, EditNeedsReview, NotYoursToEdit, TooLateToEdit } from "../contract.ts";
import type { PostingPolicy } from "../posting/posting-policy.ts";
import type { Tables } from "../store.ts";
import type { ReadableComment } from "./comment-access.ts";
import * as commentStore from "./comment-store.ts";
import { presentComment } from "./presenter.ts";

const editableMs = 5 * 60_000;

interface Parts {
  readonly access: ViewerAccess;
  readonly readable: ReadableComment;
  readonly posting: Pick<PostingPolicy, "heldFor">;
}

/** Changes of a comment by its author, under the rules of a new one. */
export const createCommentEditing = (
  { db, emit, now }: Pick<Host<Tables>, "db" | "emit" | "now">,
  { access, readable, posting }: Parts,
) => ({
  async editComment({ id, content }: { id: Id; content: string }, call: Call) {
    const userId = callerOf(call);
    const before = await readable(await commentStore.byId(db, id), call);
    requireEditable(before, userId, now());
    if (!(await access.video(before.videoId, call)).allowComment) throw CommentsOff({});
    const repliedUserIds = before.replyToUserId === null ? [] : [before.replyToUserId];
    await access.requireNoBlock([before.videoAuthorId, ...repliedUserIds], call);
    // A published text would otherwise pass the filter after it was looked at.
    if ((await posting.heldFor(content, call)) !== undefined) throw EditNeedsReview({});
    const row = await db.tx(async (tx) => {
      await requireAccount(tx, userId);
      const locked = await commentStore.lock(tx, id);
      if (!locked) throw CommentNotFound({});
      requireEditable(locked, userId, now());
      if (locked.content === content) return locked;
      await commentStore.edit(tx, locked, content, now());
      const edited = (await commentStore.byId(tx, id)) ?? locked;
      const { videoId, version } = edited;
      await emit(tx, commentEdited, videoId, { commentId: id, videoId, userId, content, version, atMs: now() });
      return edited;
    });
    const [isLiked = false] = await commentStore.areLiked(db, [{ commentId: id, userId }]);
    return presentComment(row, userId, isLiked);
  },
});

/** @throws NotYoursToEdit, TooLateToEdit, and EditNeedsReview where the comment is held */
function requireEditable(row: commentStore.Row, userId: Id, nowMs: number): void {
  if (row.userId !== userId) throw NotYoursToEdit({});
  if (nowMs - row.createdAtMs > editableMs) throw TooLateToEdit({});
  if (row.isHeld) throw EditNeedsReview({});
}
