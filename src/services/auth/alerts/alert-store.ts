import { type Id, type PageInput, pageOf, type Tx } from "#kernel";
import type { Db, Tables } from "../store.ts";

export const insert = (tx: Tx<Tables>, row: Tables["auth.alerts"]) =>
  tx.insertInto("auth.alerts").values(row).execute();

/** The alerts of an account, newest first. */
export const ofAccount = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("auth.alerts as alerts")
      .select(["id", "kind", "agent", "name", "session_id as sessionId", "at_ms as atMs"])
      .where("user_id", "=", userId),
    { id: "id" },
    page,
  );

export const forgetAlerts = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.alerts as alerts").where("at_ms", "<", beforeMs).execute();
