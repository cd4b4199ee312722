import { anyOf, type Id, type Reader } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "./store.ts";

type Db = Reader<Tables>;

/** Whom somebody follows, blocks and is blocked by, as far as that is few people. */
export interface Circle {
  /** Whose it is. */
  readonly id: Id;
  /** Both of two people are locked, and so written anew, by whatever changes between them. */
  readonly stamp: string;
  /** The latest first, and at most one more than was asked for. */
  readonly followedIds: readonly Id[];
  readonly blockedIds: readonly Id[];
  readonly blockingIds: readonly Id[];
  /** Who blocks or is blocked, the latest first; likewise. */
  readonly hiddenIds: readonly Id[];
}

const stamp = sql<string>`xmin::text`.as("stamp");

/** Which circles there are now; who never had to do with anybody has none. */
export const versions = (db: Db, userIds: readonly Id[]) =>
  db
    .selectFrom("relation.user_counts")
    .select(["user_id as id", stamp])
    .where("user_id", "=", anyOf(userIds))
    .execute();

/** At most `most` and one more of each kind are read: one more says that there are more. */
export async function circles(db: Db, userIds: readonly Id[], most: number): Promise<Circle[]> {
  const some = sql.lit(most + 1);
  const list = (
    table: "relation.follows" | "relation.blocks",
    whom: "user_id" | "target_id",
    of: "user_id" | "target_id",
  ) =>
    sql`SELECT ${sql.ref(whom)} AS person, id FROM ${sql.table(table)} WHERE ${sql.ref(of)} = own.user_id
        ORDER BY id DESC LIMIT ${some}`;
  const ids = (people: ReturnType<typeof list>) =>
    sql`array(SELECT person FROM (${people}) AS people ORDER BY id DESC)`;
  const { rows } = await sql<Circle>`
    SELECT own.user_id AS id, own.xmin::text AS stamp,
           ${ids(list("relation.follows", "target_id", "user_id"))} AS "followedIds",
           ${ids(list("relation.blocks", "target_id", "user_id"))} AS "blockedIds",
           ${ids(list("relation.blocks", "user_id", "target_id"))} AS "blockingIds",
           ${ids(sql`SELECT person, max(id) AS id FROM (
             (${list("relation.blocks", "target_id", "user_id")}) UNION ALL (${list("relation.blocks", "user_id", "target_id")})
           ) AS either GROUP BY person ORDER BY max(id) DESC LIMIT ${some}`)} AS "hiddenIds"
    FROM relation.user_counts own WHERE own.user_id = ${anyOf(userIds)}`.execute(db);
  return rows;
}
