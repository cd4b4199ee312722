import type { Id } from "#kernel";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../store.ts";

/** Comments or danmaku that are visible to others, or were until a moderator removed them, in the order of ids. */
export async function batch(db: Db, kind: "comment" | "danmaku", after: number, limit: number) {
  const of = (table: string, only: RawBuilder<unknown>) =>
    sql`(SELECT id, video_id AS "videoId", user_id AS "userId", content, ${kind === "comment" ? sql`version` : sql`1 AS version`} FROM ${sql.table(`interaction.${table}`)}
         WHERE id > ${after} AND ${only} ORDER BY id LIMIT ${limit})`;
  const isVisible = kind === "comment" ? sql`NOT is_held` : sql`true`;
  const { rows } = await sql<{ id: Id; videoId: Id; userId: Id; content: string; version: number }>`
    SELECT * FROM (${of(kind === "comment" ? "comments" : "danmaku", isVisible)} UNION ALL
      ${of(kind === "comment" ? "removed_comments" : "removed_danmaku", isVisible)}) AS post ORDER BY id LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}

/** How many comments of a user are visible to others, up to `limit`. */
export async function countVisible(db: Db, userId: Id, limit: number): Promise<number> {
  const rows = await db
    .selectFrom("interaction.comments")
    .select("id")
    .where("user_id", "=", userId)
    .where("is_held", "=", false)
    .limit(limit)
    .execute();
  return rows.length;
}

/** The times of a user's latest comments and danmaku, the latest first. */
export async function latestPostTimes(db: Db, userId: Id, sinceMs: number, limit: number): Promise<number[]> {
  const of = (table: "interaction.comments" | "interaction.danmaku") =>
    db
      .selectFrom(table)
      .select("created_at_ms as atMs")
      .where("user_id", "=", userId)
      .where("created_at_ms", ">", sinceMs)
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
  const rows = (await Promise.all([of("interaction.comments"), of("interaction.danmaku")])).flat();
  return rows.map(({ atMs }) => atMs).toSorted((a, b) => b - a);
}
