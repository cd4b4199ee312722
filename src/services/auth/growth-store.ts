import { sql } from "kysely";
import { startOf } from "#policy/growth";
import type { Db } from "./store.ts";

/** The number of accounts, and the registrations of each day since one. */
export async function growth(db: Db, sinceDay: number) {
  const { total } = await db
    .selectFrom("auth.credentials as credentials")
    .select((e) => e.fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  const days = await db
    .selectFrom("auth.credentials as credentials")
    .select((e) => [sql<number>`created_at_ms / 86400000`.as("day"), e.fn.countAll<number>().as("count")])
    .where("created_at_ms", ">=", startOf(sinceDay))
    .groupBy("day")
    .execute();
  return { total, days };
}
