import { anyOf, type Id, type PageInput, pageOf, type Tx } from "#kernel";
import { personOf } from "#policy/persons";
import { sql } from "kysely";
import { type Db, type RowOutcome, raiseVideos, type Tables } from "../store.ts";
import { slotOf } from "./view-count.ts";
import { isVisibleInList } from "../visible-store.ts";

/** Counts a share once per viewer and half hour; yields the count. */
export async function addShare(
  tx: Tx<Tables>,
  row: Tables["interaction.shares"],
): Promise<{ outcome: RowOutcome; count: number }> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("interaction.shares")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (made !== 1n) {
    const stored = await tx
      .selectFrom("interaction.video_counts")
      .select("share_count as count")
      .where("video_id", "=", row.video_id)
      .executeTakeFirst();
    return { outcome: "existing", count: stored?.count ?? 0 };
  }
  const [counted] = await raiseVideos(tx, "share_count", new Map([[row.video_id, 1]]));
  return { outcome: counted?.isDeleted === true ? "video_deleted" : "new", count: counted?.count ?? 0 };
}

/** Stores positions of users in videos, unless they switched their history off; one for each user and video. */
export async function saveProgress(tx: Tx<Tables>, rows: readonly Tables["interaction.watches"][]): Promise<void> {
  if (rows.length === 0) return;
  await sql`INSERT INTO interaction.watches (user_id, video_id, position_ms, duration_ms, is_finished, watched_at_ms)
    SELECT viewer, video, position, length, finished, at
    FROM unnest(${rows.map((row) => row.user_id)}::bigint[], ${rows.map((row) => row.video_id)}::bigint[],
                ${rows.map((row) => row.position_ms)}::bigint[], ${rows.map((row) => row.duration_ms)}::bigint[],
                ${rows.map((row) => row.is_finished)}::boolean[], ${rows.map((row) => row.watched_at_ms)}::bigint[])
      WITH ORDINALITY AS watch (viewer, video, position, length, finished, at, place)
    WHERE NOT EXISTS (SELECT FROM interaction.watch_settings WHERE user_id = viewer AND NOT is_kept)
    ORDER BY place
    ON CONFLICT (user_id, video_id) DO UPDATE SET
      position_ms = excluded.position_ms, duration_ms = excluded.duration_ms,
      is_finished = excluded.is_finished, watched_at_ms = excluded.watched_at_ms`.execute(tx);
}

export const watchedBy = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("interaction.watches as watches")
      .leftJoin("interaction.video_copies as video_copies", "video_copies.video_id", "watches.video_id")
      .select(["watches.video_id as videoId", "is_finished as isFinished", "watched_at_ms as watchedAtMs"])
      .where("user_id", "=", userId)
      .where(isVisibleInList(userId, userId)),
    { watched_at_ms: "watchedAtMs", "watches.video_id": "videoId" },
    page,
  );

/** Deletes one video from a history, or all. */
export const deleteWatched = (tx: Tx<Tables>, userId: Id, videoId?: Id) =>
  tx
    .deleteFrom("interaction.watches as watches")
    .where("user_id", "=", userId)
    .$if(videoId !== undefined, (q) => q.where("video_id", "=", videoId ?? 0))
    .execute();

/** The given users who switched their history off. */
export async function withoutHistory(db: Db, userIds: readonly Id[]): Promise<ReadonlySet<Id>> {
  if (userIds.length === 0) return new Set();
  const rows = await db
    .selectFrom("interaction.watch_settings")
    .select("user_id as userId")
    .where("user_id", "=", anyOf([...new Set(userIds)]))
    .where("is_kept", "=", false)
    .execute();
  return new Set(rows.map(({ userId }) => userId));
}

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

export async function deleteViews(tx: Tx<Tables>, beforeMs: number): Promise<void> {
  await tx.deleteFrom("interaction.views").where("seen_at_ms", "<", beforeMs).execute();
  await tx.deleteFrom("interaction.shares").where("shared_at_ms", "<", beforeMs).execute();
  await tx.deleteFrom("interaction.watch_credits").where("slot", "<", slotOf(beforeMs)).execute();
}

/** Deletes the views, shares and history of a deleted account; the counts stay. */
export async function deleteViewer(tx: Tx<Tables>, userId: Id): Promise<void> {
  const viewer = personOf({ userId });
  await tx.deleteFrom("interaction.views").where("viewer", "=", viewer).execute();
  await tx.deleteFrom("interaction.watch_credits").where("viewer", "=", viewer).execute();
  await tx.deleteFrom("interaction.shares").where("viewer", "=", viewer).execute();
  await tx.deleteFrom("interaction.watches as watches").where("user_id", "=", userId).execute();
  await tx.deleteFrom("interaction.watch_settings").where("user_id", "=", userId).execute();
}
