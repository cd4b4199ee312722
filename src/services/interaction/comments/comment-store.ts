import { anyOf, type Id, type Tx } from "#kernel";
import { sql } from "kysely";
import * as asideStore from "./removed-comment-store.ts";
import { type Db, isGone, lockVideos, lowerVideos, raiseVideos, type Tables, tally } from "../store.ts";

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
  "heat",
  "created_at_ms as createdAtMs",
  "held_mentions as heldMentions",
] as const;

export const byId = (db: Db, id: Id) =>
  db.selectFrom("interaction.comments").select(columns).where("id", "=", id).executeTakeFirst();
export type Row = NonNullable<Awaited<ReturnType<typeof byId>>>;

/** As {@link byId}, after the counts of its video are locked: comments come and go one after the other. */
export async function lock(tx: Tx<Tables>, id: Id): Promise<Row | undefined> {
  const seen = await byId(tx, id);
  if (!seen) return undefined;
  await lockVideos(tx, [seen.videoId]);
  return tx.selectFrom("interaction.comments").select(columns).where("id", "=", id).forUpdate().executeTakeFirst();
}

/** Whether the video is gone, and then nothing may be committed. Its counts are locked from here on. */
export async function insert(
  tx: Tx<Tables>,
  row: Omit<
    Tables["interaction.comments"],
    "is_held" | "held_mentions" | "is_pinned" | "like_count" | "reply_count" | "heat"
  > & {
    readonly is_held: boolean;
    readonly held_mentions: Id[];
  },
): Promise<"gone" | "rootless" | "made"> {
  if (await isGone(tx, row.video_id)) return "gone";
  const by = row.is_held ? 0 : 1;
  if (row.root_id !== null && !(await countReplies(tx, row.root_id, by))) return "rootless";
  await raiseVideos(tx, "comment_count", new Map([[row.video_id, by]]));
  await tx.insertInto("interaction.comments").values(row).execute();
  return "made";
}

/** Lets through what was held, and counts it; whether it is there for others now. Its video's counts are locked. */
export async function release(tx: Tx<Tables>, { id, videoId, rootId }: Row): Promise<boolean> {
  if (rootId !== null && !(await countReplies(tx, rootId, 1))) return false;
  await raiseVideos(tx, "comment_count", new Map([[videoId, 1]]));
  await tx.updateTable("interaction.comments").set({ is_held: false }).where("id", "=", id).execute();
  return true;
}

/** Answers to somebody who is gone stand where they stood, and name nobody. */
export const forgetAnswered = (tx: Tx<Tables>, { id, rootId }: Row) =>
  tx
    .updateTable("interaction.comments")
    .set({ reply_to_user_id: null })
    .where("root_id", "=", rootId)
    .where("parent_id", "=", id)
    .execute();

/** Whether the top of the thread is still there. */
async function countReplies(tx: Tx<Tables>, rootId: Id, by: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("interaction.comments")
    .set((e) => ({ reply_count: e("reply_count", "+", by) }))
    .where("id", "=", rootId)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Removes a comment with everything that hangs on it, and yields how many that were. Its video's counts are locked. */
export async function remove(tx: Tx<Tables>, row: Row): Promise<number> {
  const thread = await take(tx, row);
  await tx.deleteFrom("interaction.comment_likes").where("comment_id", "=", anyOf(thread)).execute();
  await asideStore.forget(tx, "root_id", row.id);
  return thread.length;
}

/** As {@link remove}, and sets it aside with what hung on it, likes and all. */
export async function setAside(tx: Tx<Tables>, row: Row): Promise<number> {
  await asideStore.keep(tx, row.id);
  return (await take(tx, row)).length;
}

/** Takes what was set aside with this comment back among the others, where the top of its thread is there; judged fine, it waits no more. */
export async function giveBack(tx: Tx<Tables>, id: Id): Promise<void> {
  const aside = await asideStore.byId(tx, id);
  if (!aside || (await isGone(tx, aside.videoId))) return;
  const { videoId, rootId } = aside;
  const shown = await asideStore.shownWith(tx, id);
  if (rootId !== null && !(await countReplies(tx, rootId, shown))) return asideStore.joinWith(tx, id, rootId);
  await asideStore.putBack(tx, id);
  await raiseVideos(tx, "comment_count", new Map([[videoId, shown]]));
}

/** Takes the thread from what is there, and yields what it was. */
async function take(tx: Tx<Tables>, { id, videoId, rootId, isHeld }: Row): Promise<Id[]> {
  const thread = await tx
    .deleteFrom("interaction.comments")
    .where((e) => e.or([e("id", "=", id), e("root_id", "=", id)]))
    .returning(["id", "is_held as isHeld"])
    .execute();
  const shown = thread.filter((one) => !one.isHeld).length;
  await lowerVideos(tx, "comment_count", new Map([[videoId, shown]]));
  if (rootId !== null && !isHeld) await countReplies(tx, rootId, -1);
  return thread.map((one) => one.id);
}

/** One comment of a video is pinned, or none. Its video's counts are locked. */
export async function pin(tx: Tx<Tables>, videoId: Id, id: Id | null): Promise<void> {
  await tx
    .updateTable("interaction.comments")
    .set({ is_pinned: 0 })
    .where("video_id", "=", videoId)
    .where("is_pinned", "=", 1)
    .execute();
  if (id !== null) await tx.updateTable("interaction.comments").set({ is_pinned: 1 }).where("id", "=", id).execute();
}

/** Whether something changed. Undefined where there is no such comment. */
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
  await tx.updateTable("interaction.comments").set({ like_count: likeCount }).where("id", "=", comment_id).execute();
  return { row, changed, likeCount };
}

interface Liking {
  readonly commentId: Id;
  readonly userId: Id;
}
/** Whether each of these comments is liked by whoever asks about it, in the order of the questions. */
export async function areLiked(db: Db, asked: readonly Liking[]): Promise<boolean[]> {
  const { rows } = await sql<{ isLiked: boolean }>`
    SELECT coalesce((SELECT true FROM interaction.comment_likes l WHERE l.comment_id = ask.id AND l.user_id = ask.viewer), false) AS "isLiked"
    FROM unnest(${asked.map(({ commentId }) => commentId)}::bigint[], ${asked.map(({ userId }) => userId)}::bigint[])
      WITH ORDINALITY AS ask (id, viewer, place) ORDER BY place`.execute(db);
  return rows.map(({ isLiked }) => isLiked);
}

export const ofUser = (db: Db, userId: Id) =>
  db
    .selectFrom("interaction.comments")
    .select(["id", "video_id as videoId"])
    .where("user_id", "=", userId)
    .orderBy("id")
    .execute();

/** Takes back the likes somebody who is gone gave to comments. */
export async function forgetLiker(tx: Tx<Tables>, userId: Id): Promise<void> {
  const liked = tx.selectFrom("interaction.comment_likes").select("comment_id").where("user_id", "=", userId);
  await tx.selectFrom("interaction.comments").select("id").where("id", "in", liked).orderBy("id").forUpdate().execute();
  const gone = await tx
    .deleteFrom("interaction.comment_likes")
    .where("user_id", "=", userId)
    .returning("comment_id as id")
    .execute();
  const ids = [...tally(gone.map(({ id }) => id)).keys()];
  await tx
    .updateTable("interaction.comments")
    .set((e) => ({ like_count: e("like_count", "-", 1) }))
    .where("id", "=", anyOf(ids))
    .execute();
}
