import type { Id, Reader, Tx } from "#kernel";
import { type Generated, sql } from "kysely";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  likes: { video_id: Id; user_id: Id; author_id: Id; created_at_ms: number };
  /** One row per viewer, video and half hour: what counts as a view. */
  views: { video_id: Id; viewer: string; slot: number; seen_at_ms: number };
  /** Counts of rows, changed in the transaction of the row and never without one; of a deleted video, that it is gone. */
  video_counts: {
    video_id: Id;
    like_count: Generated<number>;
    play_count: Generated<number>;
    gone_at_ms: Generated<number | null>;
  };
  author_counts: { user_id: Id; like_count: Generated<number> };
}
type Db = Reader<Tables>;

/** What a row about a video became; `gone` where its deletion was heard meanwhile, and then nothing may be committed. */
export type Noted = "new" | "known" | "gone";

export async function like(tx: Tx<Tables>, row: Tables["likes"]): Promise<Noted> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("likes")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (made !== 1n) return "known";
  return (await countLikes(tx, row.video_id, row.author_id, 1)) ? "gone" : "new";
}

/** Whether there was a like. */
export async function unlike(tx: Tx<Tables>, videoId: Id, userId: Id): Promise<boolean> {
  // The counts before the likes, as whoever forgets the video does: neither waits for the other in a circle.
  await tx.selectFrom("video_counts").select("video_id").where("video_id", "=", videoId).forUpdate().execute();
  const gone = await tx
    .deleteFrom("likes")
    .where("video_id", "=", videoId)
    .where("user_id", "=", userId)
    .returning("author_id as authorId")
    .executeTakeFirst();
  if (gone) await countLikes(tx, videoId, gone.authorId, -1);
  return gone !== undefined;
}

/** Both counts, always the video's before the author's, so that writers never wait in a circle; yields whether it is gone. */
async function countLikes(tx: Tx<Tables>, videoId: Id, authorId: Id, by: number): Promise<boolean> {
  const { rows } = await sql<Counted>`
    INSERT INTO video_counts (video_id, like_count) VALUES (${videoId}, greatest(${by}::integer, 0))
    ON CONFLICT (video_id) DO UPDATE SET like_count = video_counts.like_count + ${by}::integer
    RETURNING gone_at_ms IS NOT NULL AS "isGone"`.execute(tx);
  await sql`INSERT INTO author_counts (user_id, like_count) VALUES (${authorId}, greatest(${by}::integer, 0))
    ON CONFLICT (user_id) DO UPDATE SET like_count = author_counts.like_count + ${by}::integer`.execute(tx);
  return rows[0]?.isGone === true;
}
interface Counted {
  readonly isGone: boolean;
}

export async function likeCount(db: Db, videoId: Id): Promise<number> {
  const row = await db
    .selectFrom("video_counts")
    .select("like_count as likeCount")
    .where("video_id", "=", videoId)
    .executeTakeFirst();
  return row?.likeCount ?? 0;
}

/** Counts a viewer of a video once in each half hour. */
export async function view(tx: Tx<Tables>, row: Tables["views"]): Promise<Noted> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("views")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (made !== 1n) return "known";
  const { rows } = await sql<Counted>`
    INSERT INTO video_counts (video_id, play_count) VALUES (${row.video_id}, 1)
    ON CONFLICT (video_id) DO UPDATE SET play_count = video_counts.play_count + 1
    RETURNING gone_at_ms IS NOT NULL AS "isGone"`.execute(tx);
  return rows[0]?.isGone === true ? "gone" : "new";
}

/** Counts of these videos and whether this user likes them. */
export async function states(db: Db, videoIds: readonly Id[], userId: Id | undefined) {
  const { rows } = await sql<{ videoId: Id; likeCount: number; playCount: number; isLiked: boolean }>`
    SELECT ids.id AS "videoId", coalesce(c.like_count, 0) AS "likeCount", coalesce(c.play_count, 0) AS "playCount",
           EXISTS (SELECT FROM likes l WHERE l.video_id = ids.id AND l.user_id = ${userId ?? null}::bigint) AS "isLiked"
    FROM unnest(${[...videoIds]}::bigint[]) AS ids (id) LEFT JOIN video_counts c ON c.video_id = ids.id`.execute(db);
  return rows;
}

export const authorCounts = (db: Db, userIds: readonly Id[]) =>
  db
    .selectFrom("author_counts")
    .select(["user_id as userId", "like_count as likeCount"])
    .where("user_id", "=", (e) => e.fn.any(e.val([...userIds])))
    .execute();

/**
 * Everything about a video that is gone; its author's likes go with it. That it is gone stays for a while: who was told
 * just before that the video is there either commits first and is forgotten here, or finds the note and commits nothing.
 */
export async function forgetVideo(tx: Tx<Tables>, videoId: Id, goneAtMs: number): Promise<void> {
  await sql`INSERT INTO video_counts (video_id, gone_at_ms) VALUES (${videoId}, ${goneAtMs})
    ON CONFLICT (video_id) DO UPDATE SET like_count = 0, play_count = 0, gone_at_ms = excluded.gone_at_ms`.execute(tx);
  const { rows } = await sql<{ authorId: Id; likes: number }>`
    WITH gone AS (DELETE FROM likes WHERE video_id = ${videoId} RETURNING author_id)
    SELECT author_id AS "authorId", count(*)::integer AS likes FROM gone GROUP BY author_id ORDER BY author_id`.execute(
    tx,
  );
  await tx.deleteFrom("views").where("video_id", "=", videoId).execute();
  for (const { authorId, likes } of rows)
    await sql`UPDATE author_counts SET like_count = like_count - ${likes}::integer WHERE user_id = ${authorId}`.execute(
      tx,
    );
}

/** The videos a user likes, in one order for all writers. */
export const likedBy = (db: Db, userId: Id) =>
  db.selectFrom("likes").select("video_id as videoId").where("user_id", "=", userId).orderBy("video_id").execute();

export const forgetAuthor = (tx: Tx<Tables>, userId: Id) =>
  tx.deleteFrom("author_counts").where("user_id", "=", userId).execute();
export const forgetViews = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("views").where("seen_at_ms", "<", beforeMs).execute();
/** Nobody asks any more for what is gone as long as that. */
export const forgetGone = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("video_counts").where("gone_at_ms", "<", beforeMs).execute();

/** Counts that are not the number of their rows. */
export async function driftedCounts(db: Db) {
  const { rows } = await sql<{ what: string; id: Id; counted: number; rows: number }>`
    WITH by_video AS (SELECT video_id, count(*)::integer AS rows FROM likes GROUP BY video_id),
         by_author AS (SELECT author_id, count(*)::integer AS rows FROM likes GROUP BY author_id)
    SELECT 'video' AS what, coalesce(c.video_id, r.video_id) AS id, coalesce(c.like_count, 0) AS counted, coalesce(r.rows, 0) AS rows
    FROM video_counts c FULL JOIN by_video r ON r.video_id = c.video_id WHERE coalesce(c.like_count, 0) <> coalesce(r.rows, 0)
    UNION ALL
    SELECT 'user', coalesce(c.user_id, r.author_id), coalesce(c.like_count, 0), coalesce(r.rows, 0)
    FROM author_counts c FULL JOIN by_author r ON r.author_id = c.user_id WHERE coalesce(c.like_count, 0) <> coalesce(r.rows, 0)
    LIMIT 1000`.execute(db);
  return rows;
}
