import type { Id } from "#kernel";
import type { Count } from "#kernel/db/counts";
import { type RawBuilder, sql } from "kysely";

const ofVideos = (column: string, what: string, rows: RawBuilder<unknown>): Count => ({
  says: (id?: Id) => `${what} of video ${id}`,
  table: "interaction.video_counts",
  key: ["video_id"],
  column,
  rows,
  isMade: true,
});
const ofUsers = (column: string, what: string, rows: RawBuilder<unknown>): Count => ({
  says: (id?: Id) => `${what} user ${id}`,
  table: "interaction.author_counts",
  key: ["user_id"],
  column,
  rows,
  isMade: true,
});
const ofComments = (column: string, what: string, rows: RawBuilder<unknown>): Count => ({
  says: (id?: Id) => `${what} comment ${id}`,
  table: "interaction.comments",
  key: ["id"],
  column,
  rows,
});

/** All counts of rows. Views and shares are not among them: their rows are deleted after a day. */
export const counts: readonly Count[] = [
  ofVideos("like_count", "likes", sql`SELECT video_id, 1 AS value FROM interaction.likes`),
  {
    says: (id?: Id, day?: number) => `likes of video ${id} on day ${day}`,
    table: "interaction.video_days",
    key: ["video_id", "day"],
    column: "like_count",
    rows: sql`SELECT video_id, created_at_ms / 86400000 AS day, 1 AS value FROM interaction.likes`,
    isMade: true,
  },
  ofVideos("favorite_count", "favourites", sql`SELECT video_id, 1 AS value FROM interaction.favorites`),
  ofVideos("comment_count", "comments", sql`SELECT video_id, 1 AS value FROM interaction.comments WHERE NOT is_held`),
  ofUsers("like_count", "likes received by", sql`SELECT author_id AS user_id, 1 AS value FROM interaction.likes`),
  ofUsers("liked_count", "likes given by", sql`SELECT user_id, 1 AS value FROM interaction.likes`),
  ofUsers("favorite_count", "favourites of", sql`SELECT user_id, 1 AS value FROM interaction.favorites`),
  ofComments(
    "like_count",
    "likes of",
    sql`SELECT comment_id AS id, 1 AS value FROM interaction.comment_likes WHERE comment_id NOT IN (SELECT id FROM interaction.removed_comments)`,
  ),
  ofComments(
    "reply_count",
    "replies to",
    sql`SELECT root_id AS id, 1 AS value FROM interaction.comments WHERE root_id IS NOT NULL AND NOT is_held`,
  ),
];
