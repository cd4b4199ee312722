import { commentDeleted } from "#events/interaction";
import { audited, type Call, callerOf, type Host, type Id, type Tx } from "#kernel";
import { can } from "#policy/can";
import { CommentNotFound, NotYourComment } from "../contract.ts";
import { lockVideos, type Tables } from "../store.ts";
import { ownedBy, type ReadableComment } from "./comment-access.ts";
import * as commentStore from "./comment-store.ts";
import * as removedStore from "./removed-comment-store.ts";

type Emitter = Pick<Host<Tables>, "emit">;

/** Removal of a comment by its author, by the owner of the video or by a moderator. */
export const createCommentRemoval = (
  { db, emit, now }: Pick<Host<Tables>, "db" | "emit" | "now">,
  readable: ReadableComment,
) => ({
  async unsay({ id }: { id: Id }, call: Call) {
    await readable(await commentStore.byId(db, id), call);
    await db.tx(async (tx) => {
      const row = await commentStore.lock(tx, id);
      if (!row) throw CommentNotFound({});
      const { videoAuthorId, userId, videoId, parentId } = row;
      const isOwn = can(call, "delete", ownedBy(userId)) || can(call, "delete", ownedBy(videoAuthorId));
      if (!isOwn && !can(call, "moderate", ownedBy(userId))) throw NotYourComment({});
      const removed = await commentStore.remove(tx, row);
      await emit(tx, commentDeleted, videoId, { commentId: id, videoId, userId, parentId, removed });
      const actorId = callerOf(call);
      if (userId !== actorId)
        await emit(tx, audited, id, {
          act: "comment.removed",
          actorId,
          subject: { kind: "comment", id },
          atMs: now(),
        });
    });
    return {};
  },
});

/** A moderator removed a comment: it is set aside with its replies, so that it can be restored. */
export async function setCommentAside({ emit }: Emitter, tx: Tx<Tables>, id: Id): Promise<void> {
  const row = await commentStore.lock(tx, id);
  if (!row) return;
  const { videoId, userId, parentId } = row;
  const removed = await commentStore.setAside(tx, row);
  await emit(tx, commentDeleted, videoId, { commentId: id, videoId, userId, parentId, removed, isAside: true });
}

/** Deletes all comments of a deleted account, with their threads, and its likes of comments. */
export async function eraseComments({ emit }: Emitter, tx: Tx<Tables>, userId: Id): Promise<void> {
  const rows = await commentStore.ofUser(tx, userId);
  await lockVideos(
    tx,
    rows.map(({ videoId }) => videoId),
  );
  for (const { id } of rows) {
    const row = await commentStore.byId(tx, id);
    // A reply in a thread of their own may have been deleted with its top.
    if (!row) continue;
    const removed = await commentStore.remove(tx, row);
    await commentStore.clearReplyTo(tx, row);
    const { videoId, parentId } = row;
    await emit(tx, commentDeleted, videoId, { commentId: id, videoId, userId, parentId, removed });
  }
  await removedStore.deleteRemoved(tx, "user_id", userId);
  await commentStore.deleteLikesOf(tx, userId);
}
