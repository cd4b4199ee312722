import { anyOf, type Id, type PageInput, pageOf, type Tx } from "#kernel";
import { currentTx } from "#kernel/db/changes";
import { sql } from "kysely";
import type { Db, Tables } from "../store.ts";
import type { Signal } from "./signal.ts";

/** More of a video that a user watched. */
export interface NewWatch {
  readonly userId: Id;
  readonly videoId: Id;
  readonly watchedMs: number;
  /** The position of a client that does not report its watched time; otherwise 0. */
  readonly reachedMs: number;
  readonly lengthMs: number;
  readonly finished: boolean;
  readonly atMs: number;
}

/** The actions of users beside watching, by column. */
export type Act = "is_liked" | "is_favorited" | "is_shared" | "is_commented" | "is_refused";

/** Adds what users watched; each pair of user and video once. */
export async function addWatches(tx: Tx<Tables>, watches: readonly NewWatch[]): Promise<void> {
  if (watches.length === 0) return;
  const column = (name: Exclude<keyof NewWatch, "finished">) => sql`${watches.map((watch) => watch[name])}::bigint[]`;
  await sql`
    INSERT INTO recommend.signals AS s (user_id, video_id, watched_ms, reached_ms, length_ms, is_finished, began_at_ms, changed_at_ms, changed_tx)
    SELECT user_id, video_id, watched, reached, length, finished, at, at, ${currentTx}
    FROM unnest(${column("userId")}, ${column("videoId")}, ${column("watchedMs")}, ${column("reachedMs")},
      ${column("lengthMs")}, ${watches.map(({ finished }) => finished)}::boolean[], ${column("atMs")})
      AS one (user_id, video_id, watched, reached, length, finished, at)
    ORDER BY user_id, video_id
    ON CONFLICT (user_id, video_id) DO UPDATE SET
      watched_ms = s.watched_ms + excluded.watched_ms, reached_ms = greatest(s.reached_ms, excluded.reached_ms),
      length_ms = greatest(s.length_ms, excluded.length_ms), is_finished = s.is_finished OR excluded.is_finished,
      changed_at_ms = greatest(s.changed_at_ms, excluded.changed_at_ms), changed_tx = excluded.changed_tx`.execute(tx);
}

/** Records acts of users, or takes them back; each pair of user and video once. */
export async function setActs(
  tx: Tx<Tables>,
  act: Act,
  facts: readonly { readonly userId: Id; readonly videoId: Id; readonly atMs: number }[],
  isDone: boolean,
): Promise<void> {
  if (facts.length === 0) return;
  const column = sql.ref(act);
  await sql`
    INSERT INTO recommend.signals AS s (user_id, video_id, ${column}, began_at_ms, changed_at_ms, changed_tx)
    SELECT user_id, video_id, ${isDone}::boolean, at, at, ${currentTx}
    FROM unnest(${facts.map(({ userId }) => userId)}::bigint[], ${facts.map(({ videoId }) => videoId)}::bigint[],
      ${facts.map(({ atMs }) => atMs)}::bigint[]) AS one (user_id, video_id, at)
    ORDER BY user_id, video_id
    ON CONFLICT (user_id, video_id) DO UPDATE SET ${column} = excluded.${column},
      changed_at_ms = greatest(s.changed_at_ms, excluded.changed_at_ms), changed_tx = excluded.changed_tx`.execute(tx);
}

/** Marks the video that a user watched last of an author, where that was not long ago: it led to the follow. */
export const setFollowed = (tx: Tx<Tables>, userId: Id, authorId: Id, sinceMs: number) =>
  sql`
    UPDATE recommend.signals SET is_followed = true, changed_tx = ${currentTx} WHERE user_id = ${userId} AND video_id = (
      SELECT s.video_id FROM recommend.signals AS s JOIN recommend.candidates AS c ON c.video_id = s.video_id
      WHERE s.user_id = ${userId} AND c.user_id = ${authorId} AND s.changed_at_ms >= ${sinceMs}
      ORDER BY s.changed_at_ms DESC LIMIT 1)`.execute(tx);

/** A signal, column by column. */
export const signalColumns = [
  "user_id as userId",
  "video_id as videoId",
  sql<number>`greatest(watched_ms, reached_ms)`.as("watchedMs"),
  "length_ms as lengthMs",
  "is_finished as isFinished",
  "is_liked as isLiked",
  "is_favorited as isFavorited",
  "is_shared as isShared",
  "is_commented as isCommented",
  "is_followed as isFollowed",
  "is_refused as isRefused",
  "began_at_ms as beganAtMs",
  "changed_at_ms as changedAtMs",
] as const;

/** The latest signals of a user, the last one first. */
export const latestOf = (db: Db, userId: Id, limit: number): Promise<Signal[]> =>
  db
    .selectFrom("recommend.signals")
    .select(signalColumns)
    .where("user_id", "=", userId)
    .orderBy("changed_at_ms", "desc")
    .orderBy("video_id", "desc")
    .limit(limit)
    .execute();

/** The signals of a user, the last one first. */
export const pageOfUser = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db.selectFrom("recommend.signals").select(signalColumns).where("user_id", "=", userId),
    { changed_at_ms: "changedAtMs", video_id: "videoId" },
    page,
  );

/** Signals changed by a transaction or by one after it, as far as they can be seen, in their order. */
export const changedSince = (db: Db, fromTx: number): Promise<Signal[]> =>
  db
    .selectFrom("recommend.signals")
    .select(signalColumns)
    .where("changed_tx", ">=", fromTx)
    .orderBy("changed_tx")
    .execute();

/** The last signals of all users, the oldest first. */
export async function lastOnes(db: Db, limit: number): Promise<Signal[]> {
  const rows = await db
    .selectFrom("recommend.signals")
    .select(signalColumns)
    .orderBy("changed_at_ms", "desc")
    .limit(limit)
    .execute();
  return rows.toReversed();
}

/** Signals about public videos of other users, in the order of users and videos, from behind `after` on. */
export const behind = (db: Db, after: Pick<Signal, "userId" | "videoId">, limit: number): Promise<Signal[]> =>
  db
    .selectFrom("recommend.signals")
    .select(signalColumns)
    .where(sql<boolean>`(user_id, video_id) > (${after.userId}::bigint, ${after.videoId}::bigint)`)
    .where(sql<boolean>`EXISTS (SELECT FROM recommend.candidates AS c
      WHERE c.video_id = signals.video_id AND c.is_visible AND c.user_id <> signals.user_id)`)
    .orderBy("user_id")
    .orderBy("video_id")
    .limit(limit)
    .execute();

/** `isKnown`, of a row. */
const isKnown = sql<boolean>`(watched_ms > 0 OR reached_ms > 0 OR is_finished OR is_liked OR is_favorited OR is_shared OR is_commented)`;

/** The videos among these that a user has watched or skipped. */
export async function knownAmong(db: Db, userId: Id, videoIds: readonly Id[]): Promise<Id[]> {
  const rows = await db
    .selectFrom("recommend.signals")
    .select("video_id as videoId")
    .where("user_id", "=", userId)
    .where("video_id", "=", anyOf(videoIds))
    .where(isKnown)
    .execute();
  return rows.map(({ videoId }) => videoId);
}

/** All videos that a user has watched or skipped. */
export async function allKnown(db: Db, userId: Id): Promise<Id[]> {
  const { rows } = await sql<{ ids: string[] }>`
    SELECT array(SELECT video_id FROM recommend.signals WHERE user_id = ${userId} AND ${isKnown}) AS ids`.execute(db);
  // An array of BIGINT arrives as text.
  return rows.flatMap(({ ids }) => ids.map(Number));
}

/** Deletes what a user did, with one video or with all. */
export const deleteSignals = (tx: Tx<Tables>, userId: Id, videoId?: Id) =>
  tx
    .deleteFrom("recommend.signals")
    .where("user_id", "=", userId)
    .$if(videoId !== undefined, (q) => q.where("video_id", "=", videoId ?? 0))
    .execute();

/** Deletes what was done with a deleted video. */
export const deleteVideo = (tx: Tx<Tables>, videoId: Id) =>
  tx.deleteFrom("recommend.signals").where("video_id", "=", videoId).execute();
