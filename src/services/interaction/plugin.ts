import { type Call, type Host, type Id, KinoraError, on, plugin, type Tx } from "#kernel";
import { userDeleted } from "#services/auth/contract";
import { video, videoDeleted } from "#services/video/contract";
import { interaction, VideoNotFound, videoLiked, videoUnliked, videoViewed } from "./contract.ts";
import { isView, slotOf } from "./counting.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";

const viewsKeptMs = 24 * 3_600_000;

export const interactionPlugin = plugin({
  contract: interaction,
  needs: [video],
  migrations,
  events: [videoLiked, videoUnliked, videoViewed],
  start({ db, emit, now, client, call }: Host<store.Tables>) {
    /** The video, when the caller may see it. */
    async function seen(id: Id, { userId, role, traceId, signal }: Call) {
      const asked = call({ traceId, signal, ...(userId !== undefined && { userId }), ...(role && { role }) });
      return client(video)
        .playable({ id }, asked)
        .catch((error: unknown) => {
          throw error instanceof KinoraError && error.kind === "not_found" ? VideoNotFound({}) : error;
        });
    }

    return {
      handlers: {
        async like({ id }, asked) {
          const { userId = 0 } = asked;
          const { userId: authorId } = await seen(id, asked);
          await db.tx(async (tx) => {
            const isNew = await store.like(tx, {
              video_id: id,
              user_id: userId,
              author_id: authorId,
              created_at_ms: now(),
            });
            if (isNew) await emit(tx, videoLiked, id, { videoId: id, userId, atMs: now() });
          });
          return { liked: true, likeCount: await store.likeCount(db, id) };
        },

        async unlike({ id }, asked) {
          const { userId = 0 } = asked;
          await seen(id, asked);
          await db.tx(async (tx) => {
            if (await store.unlike(tx, id, userId))
              await emit(tx, videoUnliked, id, { videoId: id, userId, atMs: now() });
          });
          return { liked: false, likeCount: await store.likeCount(db, id) };
        },

        async play({ id, positionMs, durationMs, finished }, asked) {
          const { durationMs: lengthMs } = await seen(id, asked);
          if (!isView(positionMs, finished, lengthMs)) return {};
          const viewer = asked.userId === undefined ? `from:${asked.source ?? ""}` : `user:${asked.userId}`;
          await db.tx(async (tx) => {
            const isNew = await store.view(tx, { video_id: id, viewer, slot: slotOf(now()), seen_at_ms: now() });
            const { userId } = asked;
            if (isNew)
              await emit(tx, videoViewed, id, {
                videoId: id,
                positionMs,
                durationMs,
                finished,
                ...(userId !== undefined && { userId }),
              });
          });
          return {};
        },

        async states({ videoIds }, { userId }) {
          const rows = await store.states(db, videoIds, userId);
          const untouched = { commentCount: 0, shareCount: 0, favoriteCount: 0, isFavorited: false };
          return { items: rows.map((row) => ({ ...untouched, ...row })) };
        },

        async authorCounts({ userIds }) {
          const rows = await store.authorCounts(db, userIds);
          return { items: rows.map((row) => ({ ...row, favoriteCount: 0 })) };
        },
      },

      subscriptions: [
        on(videoDeleted, (tx, { videoId }) => store.forgetVideo(tx, videoId)),
        on(userDeleted, async (tx: Tx<store.Tables>, { userId }) => {
          for (const { videoId } of await store.likedBy(tx, userId)) await store.unlike(tx, videoId, userId);
          await store.forgetAuthor(tx, userId);
        }),
      ],

      async *verify() {
        for (const { what, id, counted, rows } of await store.driftedCounts(db))
          yield `${what} ${id} shows ${counted} likes and has ${rows}`;
      },

      schedules: [
        {
          name: "interaction.views",
          pattern: "37 * * * *",
          run: async () => void (await db.tx((tx) => store.forgetViews(tx, now() - viewsKeptMs))),
        },
      ],
    };
  },
});
