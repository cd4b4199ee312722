import type { Handlers, Host } from "#kernel";
import type { video } from "../contract.ts";
import { hashtagsOf } from "../details/tags.ts";
import { visibleSince } from "../events.ts";
import * as store from "../store.ts";

/** Queries of other services that keep copies of the catalogue or counts of it. */
export const createCatalogue = ({
  db,
}: Pick<Host<store.Tables>, "db">): Pick<
  Handlers<typeof video>,
  "batch" | "publicBlocks" | "publicFrom" | "publicOf" | "authorCounts" | "newest"
> => ({
  async batch({ after, limit }) {
    const rows = await store.batch(db, after, limit);
    return {
      items: rows.map((row) => ({
        ...row,
        videoId: row.id,
        shownMediaId: row.mediaId,
        hashtags: hashtagsOf(row),
        publishedAtMs: visibleSince(row),
      })),
    };
  },

  publicBlocks: async ({ size }, call) => ({ firstIds: await store.publicBlocks(db.read(call), size) }),

  publicFrom: async ({ id, limit }, call) => ({ ids: await store.publicFrom(db.read(call), id, limit) }),

  newest: async ({ after, limit }, call) => ({ items: await store.newest(db.read(call), after, limit) }),

  publicOf: async ({ mediaId }) => ({ items: await store.publicOf(db, mediaId) }),

  authorCounts: async ({ userIds }, call) => ({ items: await store.publicCounts(db.read(call), userIds) }),
});
