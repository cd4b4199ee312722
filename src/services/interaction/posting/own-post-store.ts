import { type Id, type PageInput, pageOf } from "#kernel";
import type { Db } from "../store.ts";

/** A user's comments, latest first. */
export const comments = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("interaction.comments")
      .select([
        "id",
        "video_id as videoId",
        "parent_id as parentId",
        "content",
        "is_held as isHeld",
        "like_count as likeCount",
        "created_at_ms as createdAtMs",
        "edited_at_ms as editedAtMs",
      ])
      .where("user_id", "=", userId),
    { id: "id" },
    page,
  );

/** A user's danmaku, latest first. */
export const danmaku = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("interaction.danmaku")
      .select([
        "id",
        "video_id as videoId",
        "position_ms as positionMs",
        "content",
        "color",
        "mode",
        "created_at_ms as createdAtMs",
      ])
      .where("user_id", "=", userId),
    { id: "id" },
    page,
  );

/** The comments that a user likes, latest first. */
export const likedComments = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("interaction.comment_likes")
      .select(["comment_id as commentId", "created_at_ms as likedAtMs"])
      .where("user_id", "=", userId),
    { comment_id: "commentId" },
    page,
  );
