import type { Host } from "#kernel";
import { createCountProjection } from "#kernel/db/counts";
import { createReplicaProjection, type Projection } from "#kernel/db/projection";
import { video } from "#services/video/contract";
import { counts } from "./count-store.ts";
import { createVideoHashtags, deletedVideo } from "./video-hashtags.ts";
import * as store from "./store.ts";

/** The hashtags of videos, and the counts of hashtags. */
export const projectionsOf = (host: Host<store.Tables>): readonly Projection[] => {
  const { db, client } = host;
  const videoHashtags = createVideoHashtags(host);
  return [
    createCountProjection(db, counts),
    createReplicaProjection({
      listStored: (after, limit) => store.listLinked(db, after, limit),
      listOwned: async (page, call) => (await client(video).batch(page, call)).items,
      idOf: ({ videoId }) => videoId,
      async repair(deleted, owned) {
        const repaired: string[] = [];
        for (const { id } of deleted) {
          await db.tx((tx) => videoHashtags.update(tx, deletedVideo(id)));
          repaired.push(`video ${id} is deleted and had hashtags`);
        }
        for (const video of owned)
          if (await db.tx((tx) => videoHashtags.update(tx, video)))
            repaired.push(`video ${video.videoId} was not under its hashtags`);
        return repaired;
      },
    }),
  ];
};
