import type { Id, Tx } from "#kernel";
import { type Db, isGone, type Tables } from "./store.ts";

export const byId = (db: Db, id: Id) =>
  db
    .selectFrom("danmaku")
    .select(["id", "video_id as videoId", "user_id as userId"])
    .where("id", "=", id)
    .executeTakeFirst();

/** Whether the video is still there; where it is not, nothing may be committed. */
export async function insert(tx: Tx<Tables>, row: Tables["danmaku"]): Promise<boolean> {
  if (await isGone(tx, row.video_id)) return false;
  await tx.insertInto("danmaku").values(row).execute();
  return true;
}

export const remove = (tx: Tx<Tables>, id: Id) => tx.deleteFrom("danmaku").where("id", "=", id).execute();

/** Of a stretch of a video, in the order of its time; at most `limit`, and of two at one time the newer first. */
export const between = (db: Db, videoId: Id, fromMs: number, toMs: number, hidden: readonly Id[], limit: number) =>
  db
    .selectFrom("danmaku")
    .select(["id", "user_id as userId", "position_ms as positionMs", "content", "color", "mode"])
    .where("video_id", "=", videoId)
    .where("position_ms", ">=", fromMs)
    .where("position_ms", "<", toMs)
    .$if(hidden.length > 0, (q) => q.where((e) => e.not(e("user_id", "=", e.fn.any(e.val([...hidden]))))))
    .orderBy("position_ms")
    .orderBy("id")
    .limit(limit)
    .execute();

export async function filtersOf(db: Db, userId: Id) {
  const row = await db
    .selectFrom("danmaku_filters")
    .select(["words", "user_ids as userIds", "modes"])
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row ?? { words: [], userIds: [], modes: [] };
}
export const setFilters = (tx: Tx<Tables>, row: Tables["danmaku_filters"]) =>
  tx
    .insertInto("danmaku_filters")
    .values(row)
    .onConflict((c) =>
      c.column("user_id").doUpdateSet((e) => ({
        words: e.ref("excluded.words"),
        user_ids: e.ref("excluded.user_ids"),
        modes: e.ref("excluded.modes"),
      })),
    )
    .execute();

export async function forgetUser(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx.deleteFrom("danmaku").where("user_id", "=", userId).execute();
  await tx.deleteFrom("danmaku_filters").where("user_id", "=", userId).execute();
}
