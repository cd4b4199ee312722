import { type Host, on, plugin } from "#kernel";
import { readCursor, writeCursor } from "#kernel/cursor";
import { videoDeleted, videoPublished, videoUpdated } from "#services/video/contract";
import { recommend } from "./contract.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";

export const recommendPlugin = plugin({
  contract: recommend,
  needs: [],
  migrations,
  start({ db }: Host<store.Tables>) {
    return {
      handlers: {
        async feed({ cursor, limit }) {
          const before = cursor === undefined ? undefined : readCursor(cursor, 1)[0];
          const found = await store.newest(db, before, limit + 1);
          const items = found.slice(0, limit);
          const last = items.at(-1);
          return {
            items: items.map(({ videoId }) => ({ videoId, reason: "fresh" as const })),
            next: found.length > limit && last ? writeCursor([last.videoId]) : null,
          };
        },

        async before({ beforeMs, limit }) {
          const found = await store.publishedBefore(db, beforeMs, limit + 1);
          const beyond = found[limit];
          // Of one instant there may be more than a page, which then is cut.
          const whole = found.slice(0, limit).filter(({ publishedAtMs }) => publishedAtMs !== beyond?.publishedAtMs);
          return { items: whole.length > 0 ? whole : found.slice(0, limit) };
        },
      },
      subscriptions: [
        on(videoPublished, async (tx, { videoId, userId, visibility, publishedAtMs, version }) => {
          const is_shown = visibility === "public";
          await store.note(tx, {
            video_id: videoId,
            user_id: userId,
            published_at_ms: publishedAtMs,
            version,
            is_shown,
          });
        }),
        on(videoUpdated, async (tx, { videoId, userId, visibility, publishedAtMs, version }) => {
          const is_shown = visibility === "public" && publishedAtMs !== null;
          await store.note(tx, {
            video_id: videoId,
            user_id: userId,
            published_at_ms: publishedAtMs ?? 0,
            version,
            is_shown,
          });
        }),
        on(videoDeleted, async (tx, { videoId }) => void (await store.forget(tx, videoId))),
      ],
    };
  },
});
