import { type Call, callerOf, Group, type Host, type Id, type PageInput } from "#kernel";
import { videoLiked, videoUnliked } from "../contract.ts";
import * as likeStore from "./like-store.ts";
import type { Tables } from "../store.ts";
import { isNew, type Seen } from "../access.ts";

interface Given extends likeStore.Like {
  readonly traceId: string;
}

export function likesOf({ db, emit, emitAll, now }: Host<Tables>, seen: Seen) {
  /** Many like at once, above all the same video; together they wait for its row of counts once. */
  const likes = new Group<Tables, Given, number>(db, async (tx, given) => {
    const rows = given.map(({ traceId: _, ...row }) => row);
    const answers = await likeStore.like(tx, rows);
    const fresh = given.filter((_, place) => isNew(answers[place]?.noted ?? "known"));
    await emitAll(
      tx,
      videoLiked,
      fresh.map(({ video_id: videoId, user_id: userId, author_id: authorId, created_at_ms: atMs, traceId }) => ({
        key: videoId,
        payload: { videoId, userId, authorId, atMs },
        traceId,
      })),
    );
    return answers.map(({ count }) => count);
  });

  return {
    async like({ id }: { id: Id }, call: Call) {
      const author_id = await seen.author(id, call);
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
      await seen.author(id, call);
      const likeCount = await db.tx(async (tx) => {
        const { wasLiked, count } = await likeStore.unlike(tx, id, userId);
        if (wasLiked) await emit(tx, videoUnliked, id, { videoId: id, userId, atMs: now() });
        return count;
      });
      return { liked: false, likeCount };
    },

    async likes({ id, ...page }: { id: Id } & PageInput, call: Call) {
      await seen.list(id, "showLikes", call);
      return likeStore.likedBy(db.read(call), id, call.userId, page);
    },
  };
}
