import { commentUnliked, videoUnliked } from "#events/interaction";
import { accountSwept } from "#events/moderation";
import { type Host, type Id, job, type JobKind, on, type Subscription, type Tx } from "#kernel";
import * as commentStore from "./comments/comment-store.ts";
import * as likeStore from "./likes/like-store.ts";
import type { Tables } from "./store.ts";

/** Likes that are looked up at once. */
const batchSize = 100;

interface Work {
  readonly userId: Id;
}

/** Ends the likes of an account whose acts are taken back; its comments and danmaku are set aside one by one. */
export function createSweep({ db, emit, jobs, now }: Pick<Host<Tables>, "db" | "emit" | "jobs" | "now">): {
  readonly jobKind: JobKind;
  readonly subscription: Subscription<Tables>;
} {
  async function unlikeVideo(tx: Tx<Tables>, videoId: Id, userId: Id): Promise<void> {
    const { wasLiked } = await likeStore.unlike(tx, videoId, userId);
    if (wasLiked) await emit(tx, videoUnliked, videoId, { videoId, userId, atMs: now() });
  }

  async function unlikeComment(tx: Tx<Tables>, commentId: Id, userId: Id): Promise<void> {
    const like = await commentStore.like(tx, commentId, userId, now(), false);
    if (like?.changed !== true) return;
    const { videoId, userId: authorId, rootId } = like.row;
    await emit(tx, commentUnliked, videoId, { commentId, videoId, userId, authorId, rootId, atMs: now() });
  }

  return {
    subscription: on(accountSwept, async (tx: Tx<Tables>, { userId }) => {
      await jobs.add(tx, "sweep", { payload: { userId } satisfies Work });
    }),

    jobKind: job<Work>({
      kind: "sweep",
      concurrency: 1,
      attemptsMax: 20,
      leaseMs: 30_000,
      async run(running) {
        const { userId } = running.payload;
        for (const [list, end] of [
          [likeStore.likedVideos, unlikeVideo],
          [commentStore.likedComments, unlikeComment],
        ] as const)
          for (let after = 0, ids = [0]; ids.length > 0; after = ids.at(-1) ?? after) {
            running.signal.throwIfAborted();
            ids = await list(db, userId, after, batchSize);
            for (const id of ids) await running.step((tx: Tx<Tables>) => end(tx, id, userId));
          }
        await running.finish(async () => undefined);
      },
    }),
  };
}
