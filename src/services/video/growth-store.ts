import { sql } from "kysely";
import { startOf } from "#policy/growth";
import type { Reader } from "#kernel";
import type { Tables } from "./store.ts";

/** The number of videos, and those that were created on each day since one. */
export async function growth(db: Reader<Tables>, sinceDay: number) {
  const { total } = await db
    .selectFrom("video.videos as videos")
    .select((e) => e.fn.countAll<number>().as("total"))
    .where("deleted_at_ms", "is", null)
    .executeTakeFirstOrThrow();
  const days = await db
    .selectFrom("video.videos as videos")
    .select((e) => [sql<number>`created_at_ms / 86400000`.as("day"), e.fn.countAll<number>().as("count")])
    .where("created_at_ms", ">=", startOf(sinceDay))
    .where("deleted_at_ms", "is", null)
    .groupBy("day")
    .execute();
  return { total, days };
}
