import { anyOf, type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { type Generated, sql } from "kysely";
import type { Candidate } from "./suggestions.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** `mutual_id`: the id of the later of two that go both ways, in both rows; null where only one does. */
  "relation.follows": { id: Id; user_id: Id; target_id: Id; mutual_id: Generated<Id | null>; created_at_ms: number };
  "relation.blocks": { id: Id; user_id: Id; target_id: Id; created_at_ms: number };
  /** Requests that wait for an answer: nobody of them is a follower. */
  "relation.follow_requests": { id: Id; user_id: Id; target_id: Id; created_at_ms: number };
  /** Counts of rows, changed in the transaction of the row and never without one; of a deleted account only when it was deleted. */
  "relation.user_counts": {
    user_id: Id;
    follow_count: Generated<number>;
    follower_count: Generated<number>;
    friend_count: Generated<number>;
    deleted_at_ms: Generated<number | null>;
  };
}
type Db = Reader<Tables>;
/** A user who follows or blocks, and the other one. */
export interface Pair {
  readonly userId: Id;
  readonly targetId: Id;
}
interface NewRow extends Pair {
  readonly id: Id;
  readonly createdAtMs: number;
}

/**
 * Locks what is counted of both, the lower id first, as everybody does who changes anything between two people: neither
 * waits for the other in a circle, and whatever is between the two changes one at a time. Yields whether both are there.
 */
export async function lockPair(tx: Tx<Tables>, { userId, targetId }: Pair): Promise<boolean> {
  const [first, second] = [Math.min(userId, targetId), Math.max(userId, targetId)];
  const { rows } = await sql<{ isDeleted: boolean }>`
    INSERT INTO relation.user_counts AS c (user_id) VALUES (${first}), (${second})
    ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
    RETURNING c.deleted_at_ms IS NOT NULL AS "isDeleted"`.execute(tx);
  return rows.every(({ isDeleted }) => !isDeleted);
}

/** True if the follow is new. Both users are locked. */
export async function follow(tx: Tx<Tables>, { id, userId, targetId, createdAtMs }: NewRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("relation.follows")
    .values({ id, user_id: userId, target_id: targetId, created_at_ms: createdAtMs })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (made !== 1n) return false;
  const { rows } = await sql<{ id: Id }>`
    UPDATE relation.follows SET mutual_id = ${id} WHERE (user_id, target_id) = (${targetId}, ${userId}) RETURNING id`.execute(
    tx,
  );
  const isMutual = rows.length > 0;
  if (isMutual) await markMutual(tx, { userId, targetId }, id);
  await count(tx, { userId, targetId }, 1, isMutual);
  return true;
}

/** True if there was a follow. Both users are locked. */
export async function unfollow(tx: Tx<Tables>, { userId, targetId }: Pair): Promise<boolean> {
  const unfollowed = await tx
    .deleteFrom("relation.follows as follows")
    .where("user_id", "=", userId)
    .where("target_id", "=", targetId)
    .returning("mutual_id as mutualId")
    .executeTakeFirst();
  if (!unfollowed) return false;
  const isMutual = unfollowed.mutualId !== null;
  if (isMutual) await markMutual(tx, { userId: targetId, targetId: userId }, null);
  await count(tx, { userId, targetId }, -1, isMutual);
  return true;
}

const markMutual = (tx: Tx<Tables>, { userId, targetId }: Pair, mutual_id: Id | null) =>
  tx
    .updateTable("relation.follows as follows")
    .set({ mutual_id })
    .where("user_id", "=", userId)
    .where("target_id", "=", targetId)
    .execute();

const count = (tx: Tx<Tables>, { userId, targetId }: Pair, by: 1 | -1, isMutual: boolean) =>
  sql`UPDATE relation.user_counts SET
        follow_count   = follow_count   + CASE WHEN user_id = ${userId}   THEN ${by}::integer ELSE 0 END,
        follower_count = follower_count + CASE WHEN user_id = ${targetId} THEN ${by}::integer ELSE 0 END,
        friend_count   = friend_count   + ${isMutual ? by : 0}::integer
      WHERE user_id IN (${userId}, ${targetId})`.execute(tx);

/** True if the block is new. Both users are locked. */
export async function block(tx: Tx<Tables>, { id, userId, targetId, createdAtMs }: NewRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("relation.blocks")
    .values({ id, user_id: userId, target_id: targetId, created_at_ms: createdAtMs })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  return made === 1n;
}

/** True if there was a block. */
export async function unblock(tx: Tx<Tables>, { userId, targetId }: Pair): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("relation.blocks as blocks")
    .where("user_id", "=", userId)
    .where("target_id", "=", targetId)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

/** Yields whether there is such a row: looked up by its key for each, where EXISTS would sooner read the whole table. */
const exists = (table: "relation.follows" | "relation.blocks", from: "own" | "other", to: "own" | "other") =>
  sql<boolean>`coalesce((SELECT true FROM ${sql.table(table)}
    WHERE user_id = ${sql.ref(`pair.${from}`)} AND target_id = ${sql.ref(`pair.${to}`)}), false)`;

export interface Relationship {
  readonly userId: Id;
  readonly isFollowed: boolean;
  readonly isFollower: boolean;
  readonly isBlocked: boolean;
  readonly isBlocking: boolean;
}
const each = (pairs: readonly Pair[]) =>
  sql`unnest(${pairs.map(({ userId }) => userId)}::bigint[], ${pairs.map(({ targetId }) => targetId)}::bigint[])
    WITH ORDINALITY AS pair (own, other, place)`;

/** A relationship without whether the second follows the first. */
export type OutwardRelationship = Omit<Relationship, "isFollower">;
const outward = sql`pair.place::integer AS place, pair.other AS "userId",
  ${exists("relation.follows", "own", "other")} AS "isFollowed",
  ${exists("relation.blocks", "own", "other")} AS "isBlocked", ${exists("relation.blocks", "other", "own")} AS "isBlocking"`;

function byPlace<T extends { readonly place: number }>(pairs: readonly Pair[], rows: readonly T[]) {
  const rowOfPlace = new Map(rows.map(({ place, ...relationship }) => [place - 1, relationship]));
  return pairs.map((_, place) => rowOfPlace.get(place));
}

/**
 * The relationship of the first of each pair to the second, in the order of the pairs. Most pairs have none and get
 * undefined. `OFFSET 0` makes PostgreSQL look each pair up once, instead of again for the filter.
 */
export async function between(db: Db, pairs: readonly Pair[]): Promise<(Relationship | undefined)[]> {
  const { rows } = await sql<Relationship & { readonly place: number }>`
    SELECT * FROM (
      SELECT ${outward}, ${exists("relation.follows", "other", "own")} AS "isFollower" FROM ${each(pairs)} OFFSET 0) AS tie
    WHERE "isFollowed" OR "isFollower" OR "isBlocked" OR "isBlocking"`.execute(db);
  return byPlace(pairs, rows);
}

/** As {@link between}, but for whether the second follows. */
export async function towards(db: Db, pairs: readonly Pair[]): Promise<(OutwardRelationship | undefined)[]> {
  const { rows } = await sql<OutwardRelationship & { readonly place: number }>`
    SELECT * FROM (SELECT ${outward} FROM ${each(pairs)} OFFSET 0) AS tie
    WHERE "isFollowed" OR "isBlocked" OR "isBlocking"`.execute(db);
  return byPlace(pairs, rows);
}

/** Those of these users whom a user follows, and since when. */
export const followedSince = (db: Db, userId: Id, otherIds: readonly Id[]) =>
  db
    .selectFrom("relation.follows")
    .select(["target_id as userId", "created_at_ms as sinceMs"])
    .where("user_id", "=", userId)
    .where("target_id", "=", anyOf(otherIds))
    .execute();

export async function counts(db: Db, userIds: readonly Id[]) {
  const { rows } = await sql<{ userId: Id; followCount: number; followerCount: number; friendCount: number }>`
    SELECT ids.id AS "userId", coalesce(follow_count, 0) AS "followCount", coalesce(follower_count, 0) AS "followerCount",
           coalesce(friend_count, 0) AS "friendCount"
    FROM unnest(${[...userIds]}::bigint[]) AS ids (id) LEFT JOIN relation.user_counts c ON c.user_id = ids.id`.execute(
    db,
  );
  return rows;
}

/** No block between the viewer and who stands in this column. */
const unblockedBy = (viewerId: Id | undefined, column: string) => {
  const person = sql.ref(column);
  const viewer = sql`${viewerId ?? null}::bigint`;
  return sql<boolean>`NOT EXISTS (SELECT FROM relation.blocks b WHERE b.user_id = ${viewer} AND b.target_id = ${person})
                  AND NOT EXISTS (SELECT FROM relation.blocks b WHERE b.user_id = ${person} AND b.target_id = ${viewer})`;
};

export function followers(db: Db, userId: Id, viewerId: Id | undefined, page: PageInput) {
  const rows = db
    .selectFrom("relation.follows as follows")
    .select(["user_id as personId", "follows.id as id"])
    .where("target_id", "=", userId)
    .where(unblockedBy(viewerId, "follows.user_id"));
  return pageOf(db, rows, { "follows.id": "id" }, page);
}

export function following(db: Db, userId: Id, viewerId: Id | undefined, page: PageInput) {
  const rows = db
    .selectFrom("relation.follows as follows")
    .select(["target_id as personId", "follows.id as id"])
    .where("user_id", "=", userId)
    .where(unblockedBy(viewerId, "follows.target_id"));
  return pageOf(db, rows, { "follows.id": "id" }, page);
}

export function friends(db: Db, userId: Id, viewerId: Id | undefined, page: PageInput) {
  const rows = db
    .selectFrom("relation.follows as follows")
    .select(["target_id as personId", "mutual_id as mutualId"])
    .where("user_id", "=", userId)
    .where("mutual_id", "is not", null)
    .where(unblockedBy(viewerId, "follows.target_id"));
  return pageOf(db, rows, { mutual_id: "mutualId" }, page);
}

export function blacklist(db: Db, userId: Id, page: PageInput) {
  const rows = db
    .selectFrom("relation.blocks as blocks")
    .select(["target_id as personId", "blocks.id as id"])
    .where("user_id", "=", userId);
  return pageOf(db, rows, { "blocks.id": "id" }, page);
}

type Side = "user_id" | "target_id";
/** Accounts on the other side of a user's follows, earliest first. */
export const batchOf = (db: Db, of: Side, userId: Id, after: number, limit: number) =>
  db
    .selectFrom("relation.follows as follows")
    .select(["id", of === "user_id" ? "target_id as personId" : "user_id as personId", "mutual_id as mutualId"])
    .where(of, "=", userId)
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();

interface HiddenQuery {
  readonly userId: Id;
  readonly limit: number;
}
/** For each query, the accounts that a user blocks or is blocked by, the latest first; in the order of the queries. */
export async function hiddenFrom(db: Db, queries: readonly HiddenQuery[]): Promise<Id[][]> {
  const { rows } = await sql<{ personIds: Id[] }>`
    SELECT array(
      SELECT person FROM (
        (SELECT target_id AS person, id FROM relation.blocks WHERE user_id   = asked.own ORDER BY id DESC LIMIT asked.most)
        UNION ALL
        (SELECT user_id   AS person, id FROM relation.blocks WHERE target_id = asked.own ORDER BY id DESC LIMIT asked.most)
      ) AS either GROUP BY person ORDER BY max(id) DESC LIMIT asked.most) AS "personIds"
    FROM unnest(${queries.map(({ userId }) => userId)}::bigint[], ${queries.map(({ limit }) => limit)}::bigint[])
      WITH ORDINALITY AS asked (own, most, place) ORDER BY place`.execute(db);
  return rows.map(({ personIds }) => personIds);
}

/** The accounts that a user followed last. */
export const latestFollowing = (db: Db, userId: Id, limit: number) =>
  db
    .selectFrom("relation.follows as follows")
    .select("target_id as personId")
    .where("user_id", "=", userId)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

const notFollowedYet = (userId: Id, column: string) => sql`
  ${sql.ref(column)} <> ${userId} AND ${unblockedBy(userId, column)}
  AND NOT EXISTS (SELECT FROM relation.follows mine WHERE mine.user_id = ${userId} AND mine.target_id = ${sql.ref(column)})`;

/** Accounts that most of these follow and the user does not; of each of these the latest `each` count. */
export async function followedBy(
  db: Db,
  userId: Id,
  through: readonly Id[],
  { each, named, limit }: { readonly each: number; readonly named: number; readonly limit: number },
): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    SELECT f.target_id AS "personId", count(*)::integer AS "mutualCount",
           (array_agg(f.user_id ORDER BY f.id DESC))[1:${sql.lit(named)}] AS "mutualIds"
    FROM unnest(${[...through]}::bigint[]) AS t (id)
    CROSS JOIN LATERAL (SELECT user_id, target_id, id FROM relation.follows
                        WHERE user_id = t.id ORDER BY id DESC LIMIT ${each}) AS f
    WHERE ${notFollowedYet(userId, "f.target_id")}
    GROUP BY f.target_id ORDER BY count(*) DESC, f.target_id DESC LIMIT ${limit}`.execute(db);
  // An array of BIGINT arrives as text.
  return rows.map((row) => ({ ...row, mutualIds: row.mutualIds.map(Number) }));
}

/** Accounts that follow the most of these besides the user, and little else; of each of these the latest followers count. */
export async function alike(
  db: Db,
  userId: Id,
  followed: readonly Id[],
  { each, limit }: { readonly each: number; readonly limit: number },
): Promise<Id[]> {
  // Cosine: a follow of an account with many followers says little, and so does one of a user who follows many.
  const { rows } = await sql<{ personId: Id }>`
    SELECT f.user_id AS "personId"
    FROM unnest(${[...followed]}::bigint[]) AS t (id)
    JOIN relation.user_counts c ON c.user_id = t.id
    CROSS JOIN LATERAL (SELECT user_id FROM relation.follows WHERE target_id = t.id ORDER BY id DESC LIMIT ${each}) AS f
    JOIN relation.user_counts own ON own.user_id = f.user_id
    WHERE f.user_id <> ${userId} AND ${unblockedBy(userId, "f.user_id")}
    GROUP BY f.user_id, own.follow_count
    ORDER BY sum(1 / sqrt(greatest(c.follower_count, 1))) / sqrt(greatest(own.follow_count, 1)) DESC, f.user_id DESC
    LIMIT ${limit}`.execute(db);
  return rows.map(({ personId }) => personId);
}

/** Accounts with the most followers that the user does not follow. */
export async function popular(db: Db, userId: Id, limit: number): Promise<Id[]> {
  const { rows } = await sql<{ personId: Id }>`
    SELECT c.user_id AS "personId" FROM relation.user_counts c
    WHERE c.follower_count > 0 AND c.deleted_at_ms IS NULL AND ${notFollowedYet(userId, "c.user_id")}
    ORDER BY c.follower_count DESC, c.user_id DESC LIMIT ${limit}`.execute(db);
  return rows.map(({ personId }) => personId);
}

/** From here on no relation of the user is created. */
export const markDeleted = (tx: Tx<Tables>, userId: Id, deletedAtMs: number) =>
  sql`INSERT INTO relation.user_counts (user_id, deleted_at_ms) VALUES (${userId}, ${deletedAtMs})
      ON CONFLICT (user_id) DO UPDATE SET deleted_at_ms = coalesce(user_counts.deleted_at_ms, excluded.deleted_at_ms)`.execute(
    tx,
  );

/** Removes a deleted user from their relations with some of the others; returns of how many, 0 at the end. */
export async function deleteSome(tx: Tx<Tables>, userId: Id, limit: number): Promise<number> {
  const { rows: relatedUsers } = await sql<{ id: Id }>`
    SELECT DISTINCT id FROM (
      (SELECT target_id AS id FROM relation.follows WHERE user_id = ${userId} LIMIT ${limit}) UNION ALL
      (SELECT user_id FROM relation.follows WHERE target_id = ${userId} LIMIT ${limit}) UNION ALL
      (SELECT target_id FROM relation.follow_requests WHERE user_id = ${userId} LIMIT ${limit}) UNION ALL
      (SELECT user_id FROM relation.follow_requests WHERE target_id = ${userId} LIMIT ${limit}) UNION ALL
      (SELECT target_id FROM relation.blocks WHERE user_id = ${userId} LIMIT ${limit}) UNION ALL
      (SELECT user_id FROM relation.blocks WHERE target_id = ${userId} LIMIT ${limit})) AS met
    LIMIT ${limit}`.execute(tx);
  if (relatedUsers.length === 0) return 0;
  const ids = relatedUsers.map(({ id }) => id);
  // The lower id first, as everywhere.
  await sql`SELECT FROM relation.user_counts WHERE user_id = ANY(${[...ids, userId]}::bigint[]) ORDER BY user_id FOR UPDATE`.execute(
    tx,
  );
  const some = sql`ANY(${ids}::bigint[])`;
  await sql`
    WITH follow AS (DELETE FROM relation.follows WHERE user_id = ${userId} AND target_id = ${some} RETURNING target_id, mutual_id),
         follower AS (DELETE FROM relation.follows WHERE target_id = ${userId} AND user_id = ${some} RETURNING user_id),
         less AS (
           SELECT target_id AS id, 0 AS follow, 1 AS follower, (mutual_id IS NOT NULL)::integer AS friend FROM follow
           UNION ALL SELECT user_id, 1, 0, 0 FROM follower
           -- Whom a block alone is between is written anew too: their circle has another version.
           UNION ALL SELECT id, 0, 0, 0 FROM unnest(${ids}::bigint[]) AS met (id)
           UNION ALL SELECT ${userId}, (SELECT count(*) FROM follow), (SELECT count(*) FROM follower),
                            (SELECT count(*) FROM follow WHERE mutual_id IS NOT NULL)),
         sums AS (SELECT id, sum(follow)::integer AS follow, sum(follower)::integer AS follower, sum(friend)::integer AS friend
                  FROM less GROUP BY id)
    UPDATE relation.user_counts c SET follow_count = c.follow_count - s.follow, follower_count = c.follower_count - s.follower,
                             friend_count = c.friend_count - s.friend
    FROM sums s WHERE c.user_id = s.id`.execute(tx);
  await sql`DELETE FROM relation.follow_requests WHERE (user_id = ${userId} AND target_id = ${some})
                                  OR (target_id = ${userId} AND user_id = ${some})`.execute(tx);
  await sql`DELETE FROM relation.blocks WHERE (user_id = ${userId} AND target_id = ${some})
                                  OR (target_id = ${userId} AND user_id = ${some})`.execute(tx);
  return ids.length;
}

/** No late event names an account that was deleted before this time. */
export const deleteTombstones = (tx: Tx<Tables>, beforeMs: number) =>
  tx
    .deleteFrom("relation.user_counts")
    .where("deleted_at_ms", "<", beforeMs)
    .where("follow_count", "=", 0)
    .where("follower_count", "=", 0)
    .execute();

/** People of whom one blocks the other and one follows the other. */
export const blockedFollows = (db: Db) =>
  sql<Pair>`
    SELECT f.user_id AS "userId", f.target_id AS "targetId" FROM relation.follows f JOIN relation.blocks b
    ON (b.user_id, b.target_id) IN ((f.user_id, f.target_id), (f.target_id, f.user_id)) LIMIT 1000`
    .execute(db)
    .then(({ rows }) => rows);
