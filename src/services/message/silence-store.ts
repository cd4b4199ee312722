import type { Id, Tx } from "#kernel";
import type { Db, Tables } from "./store.ts";

export const silence = (tx: Tx<Tables>, row: Tables["silenced"]) =>
  tx
    .insertInto("silenced")
    .values(row)
    .onConflict((c) =>
      c.columns(["user_id", "kind"]).doUpdateSet((e) => ({
        until_ms: e.ref("excluded.until_ms"),
        reason: e.ref("excluded.reason"),
      })),
    )
    .execute();
export const unsilence = (tx: Tx<Tables>, userId: Id, kind: Tables["silenced"]["kind"]) =>
  tx.deleteFrom("silenced").where("user_id", "=", userId).where("kind", "=", kind).execute();
export const forget = (tx: Tx<Tables>, userId: Id) => tx.deleteFrom("silenced").where("user_id", "=", userId).execute();

/** Why somebody may write to nobody right now. */
export const silenceOf = (db: Db, userId: Id, nowMs: number) =>
  db
    .selectFrom("silenced")
    .select(["until_ms as untilMs", "reason"])
    .where("user_id", "=", userId)
    .where((e) => e.or([e("until_ms", "is", null), e("until_ms", ">", nowMs)]))
    .orderBy("kind")
    .executeTakeFirst();

/** What a moderator took away says nothing any more; that something was said stays. */
export const empty = (tx: Tx<Tables>, messageId: Id) =>
  tx
    .updateTable("messages")
    .set({ type: 1, content: "", media_id: null, media_path: "", video_id: null })
    .where("id", "=", messageId)
    .execute();
