import { type Host, type Id, on, plugin } from "#kernel";
import { replicaOf } from "#kernel/db/projection";
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
          const rows = await store.publishedBefore(db.read(call), beforeMs, limit + 1);
          const nextRow = rows[limit];
          // One instant may have more videos than a page, which then is cut.
          const whole = rows.slice(0, limit).filter(({ publishedAtMs }) => publishedAtMs !== nextRow?.publishedAtMs);
          return { items: whole.length > 0 ? whole : rows.slice(0, limit) };
        },
      },
      subscriptions: [
        on(videoPublished, async (tx, video) => void (await store.storeCandidate(tx, candidateOf(video)))),
        on(videoUpdated, async (tx, payload) => void (await store.storeCandidate(tx, candidateOf(payload)))),
        on(videoDeleted, async (tx, { videoId }) => void (await store.deleteCandidate(tx, videoId))),
      ],
    };
  },
  projections: ({ db, client }) => [
    replicaOf({
      stored: (after, limit) => store.publicCandidates(db, after, limit),
      owned: async (page, call) => (await client(video).batch(page, call)).items,
      idOf: ({ videoId }) => videoId,
      async repair(deleted, owned) {
        const findings: string[] = [];
        for (const { id } of deleted) {
          await db.tx((tx) => store.deleteCandidate(tx, id));
          findings.push(`video ${id} is deleted and was in the feed`);
        }
        for (const video of owned)
          if (await db.tx((tx) => store.storeCandidate(tx, candidateOf(video))))
            findings.push(`video ${video.videoId} differed in the feed`);
        return findings;
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
  is_visible: visibility === "public" && publishedAtMs !== null,
});
