import { anyOf, type Id, type PageInput, pageOf, type Tx } from "#kernel";
import { isDeletedUserSql } from "#policy/copies/deleted-users";
import { sql } from "kysely";
import { addLikes, subtractLikes } from "../analytics/day-store.ts";
import {
  changeUsers,
  type Db,
  lockVideos,
  lowerVideos,
  type RowOutcome,
  raiseVideos,
  type Tables,
  tally,
} from "../store.ts";
import { isVisibleInList } from "../visible-store.ts";

export type Like = Tables["interaction.likes"];

/** The outcome of each like, and the count of its video; where a video or a user is deleted, the caller must roll back. */
export async function like(tx: Tx<Tables>, likes: readonly Like[]): Promise<{ outcome: RowOutcome; count: number }[]> {
  const sorted = likes.toSorted((a, b) => a.video_id - b.video_id || a.user_id - b.user_id);
  const columns = (["video_id", "user_id", "author_id", "created_at_ms"] as const).map(
    (column) => sql`${sorted.map((row) => row[column])}::bigint[]`,
  );
  // Lists as parameters: one text for any number of them, planned once.
  const { rows: made } = await sql<{ videoId: Id; userId: Id; authorId: Id; atMs: number; isUserDeleted: boolean }>`
    INSERT INTO interaction.likes (video_id, user_id, author_id, created_at_ms)
    SELECT video, liker, author, at FROM unnest(${sql.join(columns)}) WITH ORDINALITY AS new_like (video, liker, author, at, place)
    ORDER BY place ON CONFLICT DO NOTHING
    RETURNING video_id AS "videoId", user_id AS "userId", author_id AS "authorId", created_at_ms AS "atMs",
              ${isDeletedUserSql}(user_id) AS "isUserDeleted"`.execute(tx);
  if (made.some(({ isUserDeleted: isNobody }) => isNobody))
    return likes.map(() => ({ outcome: "user_deleted", count: 0 }));
  const counted = await raiseVideos(tx, "like_count", tally(made.map(({ videoId }) => videoId)));
  await addLikes(tx, made);
  await changeUsers(tx, {
    like_count: tally(made.map(({ authorId }) => authorId)),
    liked_count: tally(made.map(({ userId }) => userId)),
  });
  const isNew = new Set(made.map(({ videoId, userId }) => `${videoId}:${userId}`));
  const of = new Map(counted.map((counts) => [counts.videoId, counts]));
  const unchangedIds = likes.map(({ video_id }) => video_id).filter((id) => !of.has(id));
  const countByVideo = new Map((await countsOf(tx, unchangedIds)).map(({ videoId, count }) => [videoId, count]));
  return likes.map(({ video_id, user_id }) => {
    const { isDeleted = false, count = countByVideo.get(video_id) ?? 0 } = of.get(video_id) ?? {};
    // The first of two equal likes in a batch is the new one.
    return {
      outcome: isDeleted ? "video_deleted" : isNew.delete(`${video_id}:${user_id}`) ? "new" : "existing",
      count,
    };
  });
}

export const countsOf = (db: Db, videoIds: readonly Id[]) =>
  db
    .selectFrom("interaction.video_counts")
    .select(["video_id as videoId", "like_count as count"])
    .where("video_id", "=", anyOf(videoIds))
    .execute();

/** Removes a like; returns if there was one, and the number of likes after it. */
export async function unlike(tx: Tx<Tables>, videoId: Id, userId: Id): Promise<{ wasLiked: boolean; count: number }> {
  await lockVideos(tx, [videoId]);
  const deleted = await tx
    .deleteFrom("interaction.likes as likes")
    .where("video_id", "=", videoId)
    .where("user_id", "=", userId)
    .returning(["author_id as authorId", "created_at_ms as atMs"])
    .executeTakeFirst();
  if (!deleted) return { wasLiked: false, count: (await countsOf(tx, [videoId]))[0]?.count ?? 0 };
  const [counted] = await lowerVideos(tx, "like_count", new Map([[videoId, 1]]));
  await subtractLikes(tx, [{ videoId, atMs: deleted.atMs }]);
  await changeUsers(tx, { like_count: new Map([[deleted.authorId, -1]]), liked_count: new Map([[userId, -1]]) });
  return { wasLiked: true, count: counted?.count ?? 0 };
}

/** The likes of a user, latest first, as far as this viewer may see the videos. */
export const likedBy = (db: Db, userId: Id, viewer: Id | undefined, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("interaction.likes as likes")
      .leftJoin("interaction.video_copies as video_copies", "video_copies.video_id", "likes.video_id")
      .select(["likes.video_id as videoId", "likes.created_at_ms as likedAtMs"])
      .where("likes.user_id", "=", userId)
      .where(isVisibleInList(userId, viewer)),
    { "likes.created_at_ms": "likedAtMs", "likes.video_id": "videoId" },
    page,
  );

/** Some of the videos that a user likes, those after an id. */
export const likedVideos = async (db: Db, userId: Id, after: Id, limit: number): Promise<Id[]> =>
  (
    await db
      .selectFrom("interaction.likes as likes")
      .select("video_id as videoId")
      .where("user_id", "=", userId)
      .where("video_id", ">", after)
      .orderBy("video_id")
      .limit(limit)
      .execute()
  ).map(({ videoId }) => videoId);

/** Deletes all likes of a deleted account. */
export async function deleteLikesOf(tx: Tx<Tables>, userId: Id): Promise<void> {
  const ids = await tx
    .selectFrom("interaction.likes as likes")
    .select("video_id as videoId")
    .where("user_id", "=", userId)
    .execute();
  await lockVideos(
    tx,
    ids.map(({ videoId }) => videoId),
  );
  const deleted = await tx
    .deleteFrom("interaction.likes as likes")
    .where("user_id", "=", userId)
    .returning(["video_id as videoId", "author_id as authorId", "created_at_ms as atMs"])
    .execute();
  await lowerVideos(tx, "like_count", tally(deleted.map(({ videoId }) => videoId)));
  await subtractLikes(tx, deleted);
  await changeUsers(tx, {
    like_count: tally(
      deleted.map(({ authorId }) => authorId),
      -1,
    ),
    liked_count: new Map([[userId, -deleted.length]]),
  });
}
