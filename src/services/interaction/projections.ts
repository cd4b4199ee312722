import type { Host } from "#kernel";
import { createCountProjection } from "#kernel/db/counts";
import { createReplicaProjection, type Projection } from "#kernel/db/projection";
import { video } from "#services/video/contract";
import { counts } from "./count-store.ts";
import * as store from "./store.ts";

/** Counts, and the local copy of videos. */
export const projectionsOf = ({ db, client, now }: Host<store.Tables>): readonly Projection[] => [
  createCountProjection(db, counts),
  createReplicaProjection({
    listStored: (after, limit) => store.storedVideos(db, after, limit),
    listOwned: async (page, call) => (await client(video).batch(page, call)).items,
    idOf: ({ videoId }) => videoId,
    async repair(deleted, owned) {
      const repaired: string[] = [];
      for (const { id } of deleted) {
        await db.tx((tx) => store.deleteVideo(tx, id, now()));
        repaired.push(`video ${id} is deleted and was in the local copy`);
      }
      for (const fact of owned) {
        if (await db.tx((tx) => store.storeVideo(tx, store.copyOf(fact))))
          repaired.push(`video ${fact.videoId} differed from the local copy`);
      }
      return repaired;
    },
  }),
];
