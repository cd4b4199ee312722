import type { Host } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import { copiesOf, type Derived } from "#kernel/db/projection";
import { video } from "#services/video/contract";
import { counts } from "./count-store.ts";
import * as store from "./store.ts";

/** What is counted, and what is known here of videos. */
export const derivedOf = ({ db, client, now }: Host<store.Tables>): readonly Derived[] => [
  countsOf(db, counts),
  copiesOf({
    kept: (after, limit) => store.notes(db, after, limit),
    owned: async (page, call) => (await client(video).batch(page, call)).items,
    idOf: ({ videoId }) => videoId,
    async repair(gone, owned) {
      const found: string[] = [];
      for (const { id } of gone) {
        await db.tx((tx) => store.forgetVideo(tx, id, now()));
        found.push(`video ${id} was known and is not there any more`);
      }
      for (const { videoId, userId, visibility, publishedAtMs, version } of owned) {
        const row = {
          video_id: videoId,
          author_id: userId,
          visibility,
          is_published: publishedAtMs !== null,
          version,
        };
        if (await db.tx((tx) => store.note(tx, row))) found.push(`video ${videoId} was not known as it is`);
      }
      return found;
    },
  }),
];
