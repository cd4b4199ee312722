import { requireAccount } from "#policy/account";
import { commentLiked, commentUnliked } from "#events/interaction";
import { type Call, callerOf, type Host, type Id } from "#kernel";
import { CommentNotFound } from "../contract.ts";
import type { Tables } from "../store.ts";
import type { ReadableComment } from "./comment-access.ts";
import * as commentStore from "./comment-store.ts";

export function createCommentLikes(
  { db, emit, now }: Pick<Host<Tables>, "db" | "emit" | "now">,
  readable: ReadableComment,
) {
  async function setLiked(id: Id, isLiked: boolean, call: Call) {
    const userId = callerOf(call);
    await readable(await commentStore.byId(db, id), call);
    const likeCount = await db.tx(async (tx) => {
      if (isLiked) await requireAccount(tx, userId);
      const like = await commentStore.like(tx, id, userId, now(), isLiked);
      if (!like) throw CommentNotFound({});
      const { videoId, userId: authorId, rootId } = like.row;
      if (like.changed)
        await emit(tx, isLiked ? commentLiked : commentUnliked, videoId, {
          commentId: id,
          videoId,
          userId,
          authorId,
          rootId,
          atMs: now(),
        });
      return like.likeCount;
    });
    return { liked: isLiked, likeCount };
  }

  return {
    likeComment: ({ id }: { id: Id }, call: Call) => setLiked(id, true, call),
    unlikeComment: ({ id }: { id: Id }, call: Call) => setLiked(id, false, call),
  };
}
