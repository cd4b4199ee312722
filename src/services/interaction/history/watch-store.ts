import { type Id, type PageInput, pageOf, type Tx } from "#kernel";
import { sql } from "kysely";
import { raiseDays } from "../analytics/day-store.ts";
import { type Db, type Noted, raiseVideos, type Tables } from "../store.ts";
import { listed } from "../visible-store.ts";

/** Counts a viewer of a video once in each half hour. */
export async function view(tx: Tx<Tables>, row: Tables["interaction.views"]): Promise<Noted> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("interaction.views")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (made !== 1n) return "known";
  const [counted] = await raiseVideos(tx, "play_count", new Map([[row.video_id, 1]]));
  await raiseDays(tx, "view_count", [{ videoId: row.video_id, atMs: row.seen_at_ms }]);
  return counted?.isGone === true ? "gone" : "new";
}

/** Counts who passes a video on once in each half hour; yields the count. */
export async function share(
  tx: Tx<Tables>,
  row: Tables["interaction.shares"],
): Promise<{ noted: Noted; count: number }> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("interaction.shares")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (made !== 1n) {
    const known = await tx
      .selectFrom("interaction.video_counts")
      .select("share_count as count")
      .where("video_id", "=", row.video_id)
      .executeTakeFirst();
    return { noted: "known", count: known?.count ?? 0 };
  }
  const [counted] = await raiseVideos(tx, "share_count", new Map([[row.video_id, 1]]));
  return { noted: counted?.isGone === true ? "gone" : "new", count: counted?.count ?? 0 };
}

/** Notes how far somebody is, unless they keep no history. */
export const watch = (tx: Tx<Tables>, { user_id, video_id, ...row }: Tables["interaction.watches"]) =>
  sql`INSERT INTO interaction.watches (user_id, video_id, position_ms, duration_ms, is_finished, watched_at_ms)
    SELECT ${user_id}, ${video_id}, ${row.position_ms}, ${row.duration_ms}, ${row.is_finished}, ${row.watched_at_ms}
    WHERE NOT EXISTS (SELECT FROM interaction.watch_settings WHERE user_id = ${user_id} AND NOT is_kept)
    ON CONFLICT (user_id, video_id) DO UPDATE SET
      position_ms = excluded.position_ms, duration_ms = excluded.duration_ms,
      is_finished = excluded.is_finished, watched_at_ms = excluded.watched_at_ms`.execute(tx);

export const watchedBy = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("interaction.watches as watches")
      .leftJoin("interaction.video_notes as video_notes", "video_notes.video_id", "watches.video_id")
      .select(["watches.video_id as videoId", "is_finished as isFinished", "watched_at_ms as watchedAtMs"])
      .where("user_id", "=", userId)
      .where(listed(userId, userId)),
    { watched_at_ms: "watchedAtMs", "watches.video_id": "videoId" },
    page,
  );

/** Of one video, or of all. */
export const forgetWatched = (tx: Tx<Tables>, userId: Id, videoId?: Id) =>
  tx
    .deleteFrom("interaction.watches as watches")
    .where("user_id", "=", userId)
    .$if(videoId !== undefined, (q) => q.where("video_id", "=", videoId ?? 0))
    .execute();

export async function isKept(db: Db, userId: Id): Promise<boolean> {
  const row = await db
    .selectFrom("interaction.watch_settings")
    .select("is_kept as isKept")
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row?.isKept ?? true;
}
export const setSettings = (tx: Tx<Tables>, row: Tables["interaction.watch_settings"]) =>
  tx
    .insertInto("interaction.watch_settings")
    .values(row)
    .onConflict((c) => c.column("user_id").doUpdateSet((e) => ({ is_kept: e.ref("excluded.is_kept") })))
    .execute();

export async function forgetViews(tx: Tx<Tables>, beforeMs: number): Promise<void> {
  await tx.deleteFrom("interaction.views").where("seen_at_ms", "<", beforeMs).execute();
  await tx.deleteFrom("interaction.shares").where("shared_at_ms", "<", beforeMs).execute();
}

/** What is known of how somebody who is gone watched; what they were counted for stays counted. */
export async function forgetViewer(tx: Tx<Tables>, userId: Id): Promise<void> {
  const viewer = `user:${userId}`;
  await tx.deleteFrom("interaction.views").where("viewer", "=", viewer).execute();
  await tx.deleteFrom("interaction.shares").where("viewer", "=", viewer).execute();
  await tx.deleteFrom("interaction.watches as watches").where("user_id", "=", userId).execute();
  await tx.deleteFrom("interaction.watch_settings").where("user_id", "=", userId).execute();
}
