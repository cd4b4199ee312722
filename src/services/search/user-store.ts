import { type Id, type PageInput, pageOf } from "#kernel";
import { sql } from "kysely";
import { startsWith, type Db, deletedVersion, matches, vector, type Write } from "./store.ts";
import type { Needle } from "./terms.ts";

export interface UserEntry {
  readonly userId: Id;
  readonly version: number;
  readonly username: string;
  readonly usernameKey: string;
  readonly nicknameKey: string;
  readonly grams: readonly string[];
  readonly words: readonly string[];
}

/** Stores the entry of a user, and their names with their videos; yields whether it changed. An older version is ignored. */
export async function put(tx: Write, entry: UserEntry): Promise<boolean> {
  const { userId, version, username, usernameKey, nicknameKey } = entry;
  const { rows } = await sql<{ userId: Id }>`
    INSERT INTO search.user_entries AS u (user_id, version, username, username_key, nickname_key, grams, words)
    VALUES (${userId}, ${version}, ${username}, ${usernameKey}, ${nicknameKey}, ${vector(entry.grams)}, ${vector(entry.words)})
    ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, username = excluded.username,
      username_key = excluded.username_key, nickname_key = excluded.nickname_key, grams = excluded.grams,
      words = excluded.words
    WHERE u.version < excluded.version OR (u.version = excluded.version AND
      (u.username, u.nickname_key, u.grams, u.words)
        IS DISTINCT FROM (excluded.username, excluded.nickname_key, excluded.grams, excluded.words))
    RETURNING user_id AS "userId"`.execute(tx);
  if (rows.length === 0) return false;
  await sql`UPDATE search.video_entries v SET words = own_words || u.words FROM search.user_entries u
            WHERE v.author_id = ${userId} AND u.user_id = ${userId} AND v.words IS NOT NULL
              AND v.words <> own_words || u.words`.execute(tx);
  return true;
}

/** Deletes a user; a tombstone keeps later events of earlier versions from restoring them. */
export const remove = (tx: Write, userId: Id) =>
  sql`INSERT INTO search.user_entries (user_id, version, username, username_key, nickname_key, words)
      VALUES (${userId}, ${deletedVersion}, '', '', '', ''::tsvector)
      ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, username = '', username_key = '',
        nickname_key = '', grams = NULL, words = ''::tsvector, follower_count = 0`.execute(tx);

/** Counts a follower, or one less. */
export const follow = (tx: Write, userId: Id, by: 1 | -1) =>
  sql`INSERT INTO search.user_entries AS u (user_id, version, username, username_key, nickname_key, words, follower_count)
      VALUES (${userId}, 0, '', '', '', ''::tsvector, ${by})
      ON CONFLICT (user_id) DO UPDATE SET follower_count = u.follower_count + ${by}`.execute(tx);

/** Corrects counts of followers; yields the users whose counts were wrong. */
export async function setFollowers(tx: Write, counts: readonly { userId: Id; followerCount: number }[]): Promise<Id[]> {
  const ids = counts.map(({ userId }) => userId);
  const followers = counts.map(({ followerCount }) => followerCount);
  const { rows } = await sql<{ id: Id }>`
    UPDATE search.user_entries u SET follower_count = c.followers
    FROM unnest(${ids}::bigint[], ${followers}::integer[]) AS c (id, followers)
    WHERE u.user_id = c.id AND u.follower_count <> c.followers RETURNING u.user_id AS id`.execute(tx);
  return rows.map(({ id }) => id);
}

interface UserQuery {
  readonly name: string;
  readonly needles: readonly Needle[];
  readonly hidden: readonly Id[];
}

export function search(db: Db, { name, needles, hidden }: UserQuery, sort: "relevance" | "new", page: PageInput) {
  const hits = db
    .selectFrom("search.user_entries")
    .select([
      "user_id as userId",
      "follower_count as followers",
      sql<number>`CASE WHEN username_key = ${name} THEN 3 WHEN nickname_key = ${name} THEN 2
                       WHEN starts_with(username_key, ${name}) OR starts_with(nickname_key, ${name}) THEN 1
                       ELSE 0 END`.as("tier"),
    ])
    .where(matches("grams", needles))
    .where(sql<boolean>`(strpos(username_key, ${name}) > 0 OR strpos(nickname_key, ${name}) > 0)`)
    .$if(hidden.length > 0, (q) => q.where(sql<boolean>`user_id <> ALL(${[...hidden]}::bigint[])`));
  const rows = db.selectFrom(hits.as("hit")).selectAll("hit");
  return sort === "new"
    ? pageOf(db, rows, { userId: "userId" }, page, "desc", "along")
    : pageOf(db, rows, { tier: "tier", followers: "followers", userId: "userId" }, page, "desc", "along");
}

/** User names that start so, or whose nickname does. */
export async function startingWith(db: Db, prefix: string, hidden: readonly Id[], limit: number): Promise<string[]> {
  const one = (column: "username_key" | "nickname_key") =>
    sql`(SELECT username, ${sql.ref(column)} AS key FROM search.user_entries WHERE grams IS NOT NULL AND ${startsWith(column, prefix)}
         AND user_id <> ALL(${[...hidden]}::bigint[]) ORDER BY ${sql.ref(column)} LIMIT ${limit})`;
  const { rows } = await sql<{ username: string }>`
    SELECT username FROM (${one("username_key")} UNION ALL ${one("nickname_key")}) AS named
    GROUP BY username ORDER BY min(key) LIMIT ${limit}`.execute(db);
  return rows.map(({ username }) => username);
}
