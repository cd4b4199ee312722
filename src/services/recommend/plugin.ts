import { type Host, type Id, on, plugin } from "#kernel";
import { copiesOf } from "#kernel/db/projection";
import { video, videoDeleted, videoPublished, videoUpdated } from "#services/video/contract";
import { recommend } from "./contract.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";

export const recommendPlugin = plugin({
  contract: recommend,
  needs: [video],
  migrations,
  start({ db }: Host<store.Tables>) {
    return {
      handlers: {
        async feed({ cursor, limit }, call) {
          const { items, next } = await store.latest(db.read(call), { cursor, limit, skip: 0, count: false });
          return { items: items.map(({ videoId }) => ({ videoId, reason: "fresh" as const })), next };
        },

        async before({ beforeMs, limit }, call) {
          const found = await store.publishedBefore(db.read(call), beforeMs, limit + 1);
          const beyond = found[limit];
          // Of one instant there may be more than a page, which then is cut.
          const whole = found.slice(0, limit).filter(({ publishedAtMs }) => publishedAtMs !== beyond?.publishedAtMs);
          return { items: whole.length > 0 ? whole : found.slice(0, limit) };
        },
      },
      subscriptions: [
        on(videoPublished, async (tx, told) => void (await store.note(tx, candidateOf(told)))),
        on(videoUpdated, async (tx, told) => void (await store.note(tx, candidateOf(told)))),
        on(videoDeleted, async (tx, { videoId }) => void (await store.forget(tx, videoId))),
      ],
    };
  },
  derived: ({ db, client }) => [
    copiesOf({
      kept: (after, limit) => store.shown(db, after, limit),
      owned: async (page, call) => (await client(video).batch(page, call)).items,
      idOf: ({ videoId }) => videoId,
      async repair(gone, owned) {
        const found: string[] = [];
        for (const { id } of gone) {
          await db.tx((tx) => store.forget(tx, id));
          found.push(`video ${id} was in the feed and is not there any more`);
        }
        for (const told of owned)
          if (await db.tx((tx) => store.note(tx, candidateOf(told))))
            found.push(`video ${told.videoId} was not in the feed as it is`);
        return found;
      },
    }),
  ],
});

const candidateOf = ({
  videoId,
  userId,
  visibility,
  publishedAtMs,
  version,
}: {
  videoId: Id;
  userId: Id;
  visibility: string;
  publishedAtMs: number | null;
  version: number;
}) => ({
  video_id: videoId,
  user_id: userId,
  published_at_ms: publishedAtMs ?? 0,
  version,
  is_shown: visibility === "public" && publishedAtMs !== null,
});
