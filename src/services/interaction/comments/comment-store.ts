import { anyOf, type Id, type Tx } from "#kernel";
import { sql } from "kysely";
import * as removedStore from "./removed-comment-store.ts";
import { type Db, isVideoDeleted, lockVideos, lowerVideos, raiseVideos, type Tables, tally } from "../store.ts";

export const columns = [
  "id",
  "video_id as videoId",
  "video_author_id as videoAuthorId",
  "user_id as userId",
  "parent_id as parentId",
  "root_id as rootId",
  "reply_to_user_id as replyToUserId",
  "content",
  "is_held as isHeld",
  "is_pinned as isPinned",
  "like_count as likeCount",
  "reply_count as replyCount",
  "hot_score as hotScore",
  "created_at_ms as createdAtMs",
  "held_mentions as heldMentions",
  "edited_at_ms as editedAtMs",
  "version",
] as const;

export interface Row {
  readonly id: Id;
  readonly videoId: Id;
  readonly videoAuthorId: Id;
  readonly userId: Id;
  readonly parentId: Id | null;
  readonly rootId: Id | null;
  readonly replyToUserId: Id | null;
  readonly content: string;
  readonly isHeld: boolean;
  readonly isPinned: number;
  readonly likeCount: number;
  readonly replyCount: number;
  readonly hotScore: number;
  readonly createdAtMs: number;
  readonly heldMentions: number[];
  readonly editedAtMs: number | null;
  readonly version: number;
}
/** The whole key of a comment; its number alone is looked up in every partition. */
type CommentKey = Pick<Row, "id" | "videoId">;
export const byId = (db: Db, id: Id): Promise<Row | undefined> =>
  db.selectFrom("interaction.comments").select(columns).where("id", "=", id).executeTakeFirst();

/** As {@link byId}, after the counts of its video are locked, so that comments of a video are changed one at a time. */
export async function lock(tx: Tx<Tables>, id: Id): Promise<Row | undefined> {
  const unlocked = await byId(tx, id);
  if (!unlocked) return undefined;
  await lockVideos(tx, [unlocked.videoId]);
  return tx
    .selectFrom("interaction.comments")
    .select(columns)
    .where("video_id", "=", unlocked.videoId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

/** Anything but `inserted` must be rolled back. The counts of the video are locked from here on. */
export async function insert(
  tx: Tx<Tables>,
  row: Omit<
    Tables["interaction.comments"],
    "is_held" | "held_mentions" | "is_pinned" | "like_count" | "reply_count" | "hot_score" | "edited_at_ms" | "version"
  > & {
    readonly is_held: boolean;
    readonly held_mentions: Id[];
  },
): Promise<"video_deleted" | "root_deleted" | "inserted"> {
  if (await isVideoDeleted(tx, row.video_id)) return "video_deleted";
  const by = row.is_held ? 0 : 1;
  if (row.root_id !== null && !(await countReplies(tx, { videoId: row.video_id, id: row.root_id }, by)))
    return "root_deleted";
  await raiseVideos(tx, "comment_count", new Map([[row.video_id, by]]));
  await tx.insertInto("interaction.comments").values(row).execute();
  return "inserted";
}

/** Publishes a held comment and counts it; yields false where the top of its thread is deleted. The counts of its video are locked. */
export async function publish(tx: Tx<Tables>, { id, videoId, rootId }: Row): Promise<boolean> {
  if (rootId !== null && !(await countReplies(tx, { videoId, id: rootId }, 1))) return false;
  await raiseVideos(tx, "comment_count", new Map([[videoId, 1]]));
  await tx
    .updateTable("interaction.comments")
    .set({ is_held: false })
    .where("video_id", "=", videoId)
    .where("id", "=", id)
    .execute();
  return true;
}

/** Changes the text. The counts of its video are locked. */
export const edit = (tx: Tx<Tables>, { id, videoId }: CommentKey, content: string, edited_at_ms: number) =>
  tx
    .updateTable("interaction.comments")
    .set((e) => ({ content, edited_at_ms, version: e("version", "+", 1) }))
    .where("video_id", "=", videoId)
    .where("id", "=", id)
    .execute();

/** Replies to a deleted account stay and name no user. */
export const clearReplyTo = (tx: Tx<Tables>, { id, videoId, rootId }: Row) =>
  tx
    .updateTable("interaction.comments")
    .set({ reply_to_user_id: null })
    .where("video_id", "=", videoId)
    .where("root_id", "=", rootId)
    .where("parent_id", "=", id)
    .execute();

/** Yields false where the top of the thread is deleted. */
async function countReplies(tx: Tx<Tables>, { id, videoId }: CommentKey, by: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("interaction.comments")
    .set((e) => ({ reply_count: e("reply_count", "+", by) }))
    .where("video_id", "=", videoId)
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Deletes a comment with its replies, and yields how many rows these were. The counts of its video are locked. */
export async function remove(tx: Tx<Tables>, row: Row): Promise<number> {
  const thread = await deleteThread(tx, row);
  await tx.deleteFrom("interaction.comment_likes").where("comment_id", "=", anyOf(thread)).execute();
  await removedStore.deleteRemoved(tx, "root_id", row.id);
  return thread.length;
}

/** As {@link remove}, with a copy from which the comment, its replies and their likes can be restored. */
export async function setAside(tx: Tx<Tables>, row: Row): Promise<number> {
  await removedStore.copyThread(tx, row);
  return (await deleteThread(tx, row)).length;
}

/** Restores a comment that was set aside, with its replies; it is held no longer. Its thread may be set aside itself: then it joins that. */
export async function restore(tx: Tx<Tables>, id: Id): Promise<void> {
  const removed = await removedStore.byId(tx, id);
  if (!removed || (await isVideoDeleted(tx, removed.videoId))) return;
  const { videoId, rootId } = removed;
  const visible = await removedStore.countVisible(tx, id);
  if (rootId !== null && !(await countReplies(tx, { videoId, id: rootId }, visible)))
    return removedStore.joinThread(tx, id, rootId);
  await removedStore.restore(tx, id);
  await raiseVideos(tx, "comment_count", new Map([[videoId, visible]]));
}

/** Deletes a comment and its replies from the comments, and yields their ids. */
async function deleteThread(tx: Tx<Tables>, { id, videoId, rootId, isHeld }: Row): Promise<Id[]> {
  const thread = await tx
    .deleteFrom("interaction.comments")
    .where("video_id", "=", videoId)
    .where((e) => e.or([e("id", "=", id), e("root_id", "=", id)]))
    .returning(["id", "is_held as isHeld"])
    .execute();
  const visible = thread.filter((comment) => !comment.isHeld).length;
  await lowerVideos(tx, "comment_count", new Map([[videoId, visible]]));
  if (rootId !== null && !isHeld) await countReplies(tx, { videoId, id: rootId }, -1);
  return thread.map((comment) => comment.id);
}

/** One comment of a video is pinned, or none. Its video's counts are locked. */
export async function pin(tx: Tx<Tables>, videoId: Id, id: Id | null): Promise<void> {
  await tx
    .updateTable("interaction.comments")
    .set({ is_pinned: 0 })
    .where("video_id", "=", videoId)
    .where("is_pinned", "=", 1)
    .execute();
  if (id !== null)
    await tx
      .updateTable("interaction.comments")
      .set({ is_pinned: 1 })
      .where("video_id", "=", videoId)
      .where("id", "=", id)
      .execute();
}

/** Adds or removes a like; `changed` is false where that was done before. Undefined where there is no such comment. */
export async function like(tx: Tx<Tables>, comment_id: Id, user_id: Id, nowMs: number, isLiked: boolean) {
  const row = await tx
    .selectFrom("interaction.comments")
    .select(columns)
    .where("id", "=", comment_id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return undefined;
  const changed = isLiked
    ? await tx
        .insertInto("interaction.comment_likes")
        .values({ comment_id, user_id, created_at_ms: nowMs })
        .onConflict((c) => c.doNothing())
        .executeTakeFirstOrThrow()
        .then(({ numInsertedOrUpdatedRows }) => numInsertedOrUpdatedRows === 1n)
    : await tx
        .deleteFrom("interaction.comment_likes")
        .where("comment_id", "=", comment_id)
        .where("user_id", "=", user_id)
        .executeTakeFirstOrThrow()
        .then(({ numDeletedRows }) => numDeletedRows === 1n);
  if (!changed) return { row, changed, likeCount: row.likeCount };
  const likeCount = row.likeCount + (isLiked ? 1 : -1);
  await tx
    .updateTable("interaction.comments")
    .set({ like_count: likeCount })
    .where("video_id", "=", row.videoId)
    .where("id", "=", comment_id)
    .execute();
  return { row, changed, likeCount };
}

interface LikeQuery {
  readonly commentId: Id;
  readonly userId: Id;
}
/** The answers in the order of the queries: true if the user likes the comment. */
export async function areLiked(db: Db, queries: readonly LikeQuery[]): Promise<boolean[]> {
  const { rows } = await sql<{ isLiked: boolean }>`
    SELECT coalesce((SELECT true FROM interaction.comment_likes l WHERE l.comment_id = query.id AND l.user_id = query.viewer), false) AS "isLiked"
    FROM unnest(${queries.map(({ commentId }) => commentId)}::bigint[], ${queries.map(({ userId }) => userId)}::bigint[])
      WITH ORDINALITY AS query (id, viewer, place) ORDER BY place`.execute(db);
  return rows.map(({ isLiked }) => isLiked);
}

export const ofUser = (db: Db, userId: Id) =>
  db
    .selectFrom("interaction.comments")
    .select(["id", "video_id as videoId"])
    .where("user_id", "=", userId)
    .orderBy("id")
    .execute();

/** Deletes the likes that a deleted account gave to comments. */
export async function deleteLikesOf(tx: Tx<Tables>, userId: Id): Promise<void> {
  const liked = tx.selectFrom("interaction.comment_likes").select("comment_id").where("user_id", "=", userId);
  await tx.selectFrom("interaction.comments").select("id").where("id", "in", liked).orderBy("id").forUpdate().execute();
  const deleted = await tx
    .deleteFrom("interaction.comment_likes")
    .where("user_id", "=", userId)
    .returning("comment_id as id")
    .execute();
  const ids = [...tally(deleted.map(({ id }) => id)).keys()];
  await tx
    .updateTable("interaction.comments")
    .set((e) => ({ like_count: e("like_count", "-", 1) }))
    .where("id", "=", anyOf(ids))
    .execute();
}

/** Sets earlier times of comments on a video, which keep their order. */
export async function backdate(
  tx: Tx<Tables>,
  videoId: Id,
  times: readonly { readonly id: Id; readonly atMs: number }[],
): Promise<void> {
  if (times.length === 0) return;
  await sql`
    UPDATE interaction.comments AS c SET created_at_ms = least(c.created_at_ms, earlier.at)
    FROM unnest(${times.map(({ id }) => id)}::bigint[], ${times.map(({ atMs }) => atMs)}::bigint[]) AS earlier (id, at)
    WHERE c.id = earlier.id AND c.video_id = ${videoId}`.execute(tx);
}

/** Some of the comments that a user likes, those after an id. */
export const likedComments = async (db: Db, userId: Id, after: Id, limit: number): Promise<Id[]> =>
  (
    await db
      .selectFrom("interaction.comment_likes as likes")
      .select("comment_id as commentId")
      .where("user_id", "=", userId)
      .where("comment_id", ">", after)
      .orderBy("comment_id")
      .limit(limit)
      .execute()
  ).map(({ commentId }) => commentId);
