import { type Call, type Host, type Id, on, plugin, type Tx } from "#kernel";
import { userDeleted } from "#services/auth/contract";
import { VideoNotFound, video, videoDeleted } from "#services/video/contract";
import { interaction, videoLiked, videoUnliked, videoViewed } from "./contract.ts";
import { isView, slotOf } from "./counting.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";

const viewsKeptMs = 24 * 3_600_000;
/** Far longer than any call takes. */
const goneKeptMs = 24 * 3_600_000;

export const interactionPlugin = plugin({
  contract: interaction,
  needs: [video],
  migrations,
  events: [videoLiked, videoUnliked, videoViewed],
  start({ db, emit, now, client, call }: Host<store.Tables>) {
    /** @throws VideoNotFound when it was deleted after it was seen, so that nothing of this is committed. */
    function isNew(noted: store.Noted): boolean {
      if (noted === "gone") throw VideoNotFound({});
      return noted === "new";
    }

    /** The video. @throws VideoNotFound when the caller may not see it. */
    async function seen(id: Id, { userId, role, unlock, traceId, signal }: Call) {
      const asked = call({
        traceId,
        signal,
        ...(userId !== undefined && { userId }),
        ...(role && { role }),
        ...(unlock !== undefined && { unlock }),
      });
      return client(video).playable({ id }, asked);
    }

    return {
      handlers: {
        async like({ id }, asked) {
          const { userId = 0 } = asked;
          const { userId: authorId } = await seen(id, asked);
          await db.tx(async (tx) => {
            const like = { video_id: id, user_id: userId, author_id: authorId, created_at_ms: now() };
            if (isNew(await store.like(tx, like))) await emit(tx, videoLiked, id, { videoId: id, userId, atMs: now() });
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
            const view = { video_id: id, viewer, slot: slotOf(now()), seen_at_ms: now() };
            const { userId } = asked;
            if (isNew(await store.view(tx, view)))
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
        on(videoDeleted, (tx, { videoId }) => store.forgetVideo(tx, videoId, now())),
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
          run: () =>
            db.tx(async (tx) => {
              await store.forgetViews(tx, now() - viewsKeptMs);
              await store.forgetGone(tx, now() - goneKeptMs);
            }),
        },
      ],
    };
  },
});
