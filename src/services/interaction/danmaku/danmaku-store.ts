import type { Id, Tx } from "#kernel";
import { sql } from "kysely";
import { type Db, isVideoDeleted, type Tables } from "../store.ts";

export const byId = (db: Db, id: Id) =>
  db
    .selectFrom("interaction.danmaku")
    .select(["id", "video_id as videoId", "user_id as userId"])
    .where("id", "=", id)
    .executeTakeFirst();

export const positions = (db: Db, ids: readonly Id[]) =>
  db
    .selectFrom("interaction.danmaku")
    .select(["id", "position_ms as positionMs"])
    .where((e) => e("id", "=", e.fn.any(e.val([...ids]))))
    .unionAll(
      db
        .selectFrom("interaction.removed_danmaku")
        .select(["id", "position_ms as positionMs"])
        .where((e) => e("id", "=", e.fn.any(e.val([...ids])))),
    )
    .execute();

/** Yields false where the video is deleted, and then the caller must roll back. */
export async function insert(tx: Tx<Tables>, row: Tables["interaction.danmaku"]): Promise<boolean> {
  if (await isVideoDeleted(tx, row.video_id)) return false;
  await tx.insertInto("interaction.danmaku").values(row).execute();
  return true;
}

/** Yields false where the video is deleted, and then nothing is stored. */
export async function insertAll(
  tx: Tx<Tables>,
  videoId: Id,
  rows: readonly Tables["interaction.danmaku"][],
): Promise<boolean> {
  if (await isVideoDeleted(tx, videoId)) return false;
  if (rows.length > 0)
    await tx
      .insertInto("interaction.danmaku")
      .values([...rows])
      .execute();
  return true;
}

/** Notes that the chat of a video's live room is copied up to a number; yields up to which one it was before. */
export async function advanceLiveChat(tx: Tx<Tables>, videoId: Id, seq: number): Promise<number> {
  await tx
    .insertInto("interaction.live_chats")
    .values({ video_id: videoId, seq: 0 })
    .onConflict((c) => c.doNothing())
    .execute();
  const before = await tx
    .selectFrom("interaction.live_chats")
    .select("seq")
    .where("video_id", "=", videoId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  await tx
    .updateTable("interaction.live_chats")
    .set({ seq: Math.max(seq, before.seq) })
    .where("video_id", "=", videoId)
    .execute();
  return before.seq;
}

export const remove = (tx: Tx<Tables>, { id, videoId }: { readonly id: Id; readonly videoId: Id }) =>
  tx.deleteFrom("interaction.danmaku").where("video_id", "=", videoId).where("id", "=", id).execute();

/** A moderator removed it, and may restore it. */
export const setAside = (tx: Tx<Tables>, id: Id) =>
  sql`WITH removed AS (DELETE FROM interaction.danmaku WHERE id = ${id} RETURNING *) INSERT INTO interaction.removed_danmaku (${columns})
      SELECT ${columns} FROM removed`.execute(tx);
export const restore = (tx: Tx<Tables>, id: Id) =>
  sql`WITH restored AS (DELETE FROM interaction.removed_danmaku WHERE id = ${id} RETURNING *) INSERT INTO interaction.danmaku (${columns})
      SELECT ${columns} FROM restored`.execute(tx);
const columns = sql`id, video_id, user_id, position_ms, content, color, mode, created_at_ms`;

/** The danmaku of a stretch of a video by their positions; of each second the newest, at most `perSecond`. */
export const between = (db: Db, videoId: Id, fromMs: number, toMs: number, hidden: readonly Id[], perSecond: number) =>
  db
    .selectFrom((from) =>
      from
        .selectFrom("interaction.danmaku")
        .select(["id", "user_id as userId", "position_ms as positionMs", "content", "color", "mode"])
        .select(sql<number>`row_number() OVER (PARTITION BY position_ms / 1000 ORDER BY id DESC)`.as("place"))
        .where("video_id", "=", videoId)
        .where("position_ms", ">=", fromMs)
        .where("position_ms", "<", toMs)
        .$if(hidden.length > 0, (q) => q.where((e) => e.not(e("user_id", "=", e.fn.any(e.val([...hidden]))))))
        .as("danmaku"),
    )
    .select(["id", "userId", "positionMs", "content", "color", "mode"])
    .where("place", "<=", perSecond)
    .orderBy("positionMs")
    .orderBy("id")
    .execute();

export async function filtersOf(db: Db, userId: Id) {
  const row = await db
    .selectFrom("interaction.danmaku_filters")
    .select(["words", "user_ids as userIds", "modes"])
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row ?? { words: [], userIds: [], modes: [] };
}
export const setFilters = (tx: Tx<Tables>, row: Tables["interaction.danmaku_filters"]) =>
  tx
    .insertInto("interaction.danmaku_filters")
    .values(row)
    .onConflict((c) =>
      c.column("user_id").doUpdateSet((e) => ({
        words: e.ref("excluded.words"),
        user_ids: e.ref("excluded.user_ids"),
        modes: e.ref("excluded.modes"),
      })),
    )
    .execute();

/** Authors that a user hid by one of their danmaku; the user never learns who they are. */
export async function hiddenAuthorsOf(db: Db, userId: Id): Promise<Id[]> {
  const rows = await db
    .selectFrom("interaction.hidden_danmaku_authors")
    .select("hidden_id as hiddenId")
    .where("user_id", "=", userId)
    .orderBy("hidden_id")
    .execute();
  return rows.map(({ hiddenId }) => hiddenId);
}

/** Locks a danmaku, so that it is not deleted with its author meanwhile; yields its author. */
export const lockShared = (tx: Tx<Tables>, id: Id) =>
  tx.selectFrom("interaction.danmaku").select("user_id as userId").where("id", "=", id).forShare().executeTakeFirst();

export const hideAuthor = (tx: Tx<Tables>, userId: Id, hiddenId: Id) =>
  tx
    .insertInto("interaction.hidden_danmaku_authors")
    .values({ user_id: userId, hidden_id: hiddenId })
    .onConflict((c) => c.doNothing())
    .execute();

/** Shows one hidden author again, or all of them. */
export const showAuthors = (tx: Tx<Tables>, userId: Id, hiddenId?: Id) =>
  tx
    .deleteFrom("interaction.hidden_danmaku_authors")
    .where("user_id", "=", userId)
    .$if(hiddenId !== undefined, (q) => q.where("hidden_id", "=", hiddenId ?? 0))
    .execute();

export async function deleteUser(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx.deleteFrom("interaction.danmaku").where("user_id", "=", userId).execute();
  await tx.deleteFrom("interaction.removed_danmaku").where("user_id", "=", userId).execute();
  await tx.deleteFrom("interaction.danmaku_filters").where("user_id", "=", userId).execute();
  await tx
    .deleteFrom("interaction.hidden_danmaku_authors")
    .where((e) => e.or([e("user_id", "=", userId), e("hidden_id", "=", userId)]))
    .execute();
}
