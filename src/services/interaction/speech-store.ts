import type { Id } from "#kernel";
import { sql } from "kysely";
import type { Db } from "./store.ts";

/** What others can read, in the order of ids. */
export const batch = (db: Db, kind: "comment" | "danmaku", after: number, limit: number) =>
  db
    .selectFrom(kind === "comment" ? "comments" : "danmaku")
    .select(["id", "video_id as videoId", "user_id as userId", "content"])
    .where("id", ">", after)
    .$if(kind === "comment", (q) => q.where(sql<boolean>`NOT is_held`))
    .orderBy("id")
    .limit(limit)
    .execute();

/** How many comments of somebody others can read, up to `limit`. */
export async function accepted(db: Db, userId: Id, limit: number): Promise<number> {
  const rows = await db
    .selectFrom("comments")
    .select("id")
    .where("user_id", "=", userId)
    .where("is_held", "=", false)
    .limit(limit)
    .execute();
  return rows.length;
}

/** When somebody said these many last things: comments and timed ones, the latest first. */
export async function saidLast(db: Db, userId: Id, sinceMs: number, limit: number): Promise<number[]> {
  const of = (table: "comments" | "danmaku") =>
    db
      .selectFrom(table)
      .select("created_at_ms as atMs")
      .where("user_id", "=", userId)
      .where("created_at_ms", ">", sinceMs)
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
  const rows = (await Promise.all([of("comments"), of("danmaku")])).flat();
  return rows.map(({ atMs }) => atMs).toSorted((a, b) => b - a);
}
