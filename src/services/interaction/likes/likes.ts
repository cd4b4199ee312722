import { videoLiked, videoUnliked } from "#events/interaction";
import { type Call, callerOf, Group, type Host, type Id, type PageInput } from "#kernel";
import * as likeStore from "./like-store.ts";
import type { Tables } from "../store.ts";
import { isNew, type ViewerAccess } from "../access.ts";

interface NewLike extends likeStore.Like {
  readonly traceId: string;
}

export function createLikes({ db, emit, emitAll, now }: Host<Tables>, access: ViewerAccess) {
  /** Likes arrive in bursts, above all for one video: a batch waits for its row of counts once. */
  const likes = new Group<Tables, NewLike, number>(db, async (tx, batch) => {
    const rows = batch.map(({ traceId: _, ...row }) => row);
    const answers = await likeStore.like(tx, rows);
    const newLikes = batch.filter((_, place) => isNew(answers[place]?.outcome ?? "existing"));
    await emitAll(
      tx,
      videoLiked,
      newLikes.map(({ video_id: videoId, user_id: userId, author_id: authorId, created_at_ms: atMs, traceId }) => ({
        key: videoId,
        payload: { videoId, userId, authorId, atMs },
        traceId,
      })),
    );
    return answers.map(({ count }) => count);
  });

  return {
    async like({ id }: { id: Id }, call: Call) {
      const author_id = await access.author(id, call);
      const likeCount = await likes.add({
        video_id: id,
        user_id: callerOf(call),
        author_id,
        created_at_ms: now(),
        traceId: call.traceId,
      });
      return { liked: true, likeCount };
    },

    async unlike({ id }: { id: Id }, call: Call) {
      const userId = callerOf(call);
      await access.author(id, call);
      const likeCount = await db.tx(async (tx) => {
        const { wasLiked, count } = await likeStore.unlike(tx, id, userId);
        if (wasLiked) await emit(tx, videoUnliked, id, { videoId: id, userId, atMs: now() });
        return count;
      });
      return { liked: false, likeCount };
    },

    async likes({ id, ...page }: { id: Id } & PageInput, call: Call) {
      await access.requireListVisible(id, "showLikes", call);
      return likeStore.likedBy(db.read(call), id, call.userId, page);
    },
  };
}
