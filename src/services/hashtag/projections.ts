import type { Host } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import { copiesOf, type Derived } from "#kernel/db/projection";
import { video } from "#services/video/contract";
import { counts } from "./count-store.ts";
import { followingOf, goneVideo } from "./video-hashtags.ts";
import * as store from "./store.ts";

/** Which videos carry what, and what hashtags have by that. */
export const derivedOf = (host: Host<store.Tables>): readonly Derived[] => {
  const { db, client } = host;
  const following = followingOf(host);
  return [
    countsOf(db, counts),
    copiesOf({
      kept: (after, limit) => store.linked(db, after, limit),
      owned: async (page, call) => (await client(video).batch(page, call)).items,
      idOf: ({ videoId }) => videoId,
      async repair(gone, owned) {
        const found: string[] = [];
        for (const { id } of gone) {
          await db.tx((tx) => following.follow(tx, goneVideo(id)));
          found.push(`video ${id} carried hashtags and is not there any more`);
        }
        for (const told of owned)
          if (await db.tx((tx) => following.follow(tx, told)))
            found.push(`video ${told.videoId} was not under the hashtags it carries`);
        return found;
      },
    }),
  ];
};
