import type { Id, Reader, Tx } from "#kernel";
import type { Count } from "#kernel/db/counts";
import { type RawBuilder, sql } from "kysely";
import { lockPair, type Pair, type Tables } from "./store.ts";

const ofUsers = (column: string, what: string, rows: RawBuilder<unknown>): Count => ({
  says: (id?: Id) => `${what} user ${id}`,
  table: "relation.user_counts",
  key: ["user_id"],
  column,
  rows,
  isMade: true,
});

export const counts: readonly Count[] = [
  ofUsers("follow_count", "follows of", sql`SELECT user_id, 1 AS value FROM relation.follows`),
  ofUsers("follower_count", "followers of", sql`SELECT target_id AS user_id, 1 AS value FROM relation.follows`),
  ofUsers(
    "friend_count",
    "friends of",
    sql`SELECT f.user_id, 1 AS value FROM relation.follows f JOIN relation.follows b ON b.user_id = f.target_id AND b.target_id = f.user_id`,
  ),
];

/** Follows that do not know whether they go both ways. */
export async function wrongMutuals(db: Reader<Tables>, limit: number): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    SELECT DISTINCT least(f.user_id, f.target_id) AS "userId", greatest(f.user_id, f.target_id) AS "targetId"
    FROM relation.follows f LEFT JOIN relation.follows b ON b.user_id = f.target_id AND b.target_id = f.user_id
    WHERE f.mutual_id IS DISTINCT FROM greatest(f.id, b.id) AND b.id IS NOT NULL OR b.id IS NULL AND f.mutual_id IS NOT NULL
    LIMIT ${limit}`.execute(db);
  return rows;
}

/** Corrects the mutual follows of two users. */
export async function repairMutual(tx: Tx<Tables>, pair: Pair): Promise<void> {
  await lockPair(tx, pair);
  const { userId, targetId } = pair;
  await sql`
    UPDATE relation.follows f SET mutual_id = (SELECT greatest(f.id, b.id) FROM relation.follows b
                                      WHERE b.user_id = f.target_id AND b.target_id = f.user_id)
    WHERE (f.user_id, f.target_id) IN ((${userId}, ${targetId}), (${targetId}, ${userId}))`.execute(tx);
}
