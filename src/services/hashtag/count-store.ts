import type { Id } from "#kernel";
import type { Count } from "#kernel/db/counts";
import { sql } from "kysely";

/** The counts of hashtags, from the videos that have them. */
export const counts: readonly Count[] = [
  {
    says: (id?: Id) => `videos of hashtag ${id}`,
    table: "hashtag.hashtags",
    key: ["id"],
    column: "video_count",
    rows: sql`SELECT hashtag_id AS id, 1 AS value FROM hashtag.video_hashtags`,
  },
  {
    says: (id?: Id) => `views of hashtag ${id}`,
    table: "hashtag.hashtags",
    key: ["id"],
    column: "view_count",
    rows: sql`SELECT l.hashtag_id AS id, n.view_count AS value
              FROM hashtag.video_hashtags l JOIN hashtag.video_copies n ON n.video_id = l.video_id`,
  },
];
