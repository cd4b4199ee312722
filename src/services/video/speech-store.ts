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
export const forgetSilenced = (tx: Tx<Tables>, userId: Id) =>
  tx.deleteFrom("silenced").where("user_id", "=", userId).execute();

/** Why somebody may say nothing right now. */
export const silenceOf = (db: Db, userId: Id, nowMs: number) =>
  db
    .selectFrom("silenced")
    .select(["until_ms as untilMs", "reason"])
    .where("user_id", "=", userId)
    .where((e) => e.or([e("until_ms", "is", null), e("until_ms", ">", nowMs)]))
    .orderBy("kind")
    .executeTakeFirst();

/** Older news than what is known changes nothing. */
export const noteWatched = (tx: Tx<Tables>, version: number, body: string) =>
  tx
    .insertInto("watched")
    .values({ version, body })
    .onConflict((c) =>
      c
        .column("id")
        .doUpdateSet((e) => ({ version: e.ref("excluded.version"), body: e.ref("excluded.body") }))
        .whereRef("watched.version", "<", "excluded.version"),
    )
    .execute();
export const watched = (db: Db) => db.selectFrom("watched").select(["version", "body"]).executeTakeFirst();
