import type { Id } from "#kernel";
import { hotScoreOf, addScores } from "#policy/hot-score";
import { sql } from "kysely";
import { startsWith, type Db, type Tables, type Write } from "./store.ts";

export const hourMs = 3_600_000;
const historyMax = 100;
/** This many sources of a keyword make it visible to others. */
export const sourcesMin = 5;

/** One search of a user or of a visitor. */
export interface PerformedSearch {
  readonly userId: Id | undefined;
  /** The searcher, who counts once an hour. */
  readonly searcher: string;
  readonly key: string;
  readonly keyword: string;
  readonly results: number;
  readonly atMs: number;
  /** True if other users may see the keyword. */
  readonly isDisplayable: boolean;
}

const isAccount = sql`searcher LIKE 'user:%'`;
/** Accounts, and addresses of visitors; those count one for each hour at most, as anybody may have several of them. */
const sources = sql`count(DISTINCT searcher) FILTER (WHERE ${isAccount})
  + least(count(DISTINCT searcher) FILTER (WHERE NOT ${isAccount}), count(DISTINCT hour) FILTER (WHERE NOT ${isAccount}))`;

/** Counts searches, each searcher once an hour. */
export async function count(tx: Write, searches: readonly PerformedSearch[]): Promise<void> {
  if (searches.length === 0) return;
  const searchers = new Map(
    searches.map(({ key, searcher, atMs }) => {
      const searcherHour = { key, searcher, hour: Math.floor(atMs / hourMs) };
      return [JSON.stringify(searcherHour), searcherHour] as const;
    }),
  );
  const sorted = [...searchers.values()].toSorted((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : a.searcher < b.searcher ? -1 : 1,
  );
  const added = await tx
    .insertInto("search.recent_searchers")
    .values(sorted)
    .onConflict((c) => c.doNothing())
    .returning(["key", "hour"])
    .execute();
  const words = [...Map.groupBy(searches, ({ key }) => key)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, same] of words) {
    const counted = added.filter((row) => row.key === key);
    // A repeat within the hour does not count again.
    if (counted.length === 0) continue;
    const hotScore = hotScoreOf(counted.length, Math.max(...same.map(({ atMs }) => atMs)));
    await sql`
      INSERT INTO search.hot_searches AS h (key, keyword, hot_score, searchers)
      SELECT ${key}, ${same[0]?.keyword}, ${hotScore}::bigint, ${sources}
      FROM search.recent_searchers WHERE key = ${key}
      ON CONFLICT (key) DO UPDATE SET hot_score = ${addScores(sql`h.hot_score`, sql`excluded.hot_score`)},
        searchers = greatest(h.searchers, excluded.searchers)`.execute(tx);
  }
}

/** Adds searches to the histories of their users, unless these are off; the latest {@link historyMax} stay. */
export async function remember(tx: Write, searches: readonly PerformedSearch[]): Promise<void> {
  const latest = new Map(
    searches.flatMap((search) =>
      search.userId === undefined ? [] : [[`${search.userId} ${search.key}`, search] as const],
    ),
  );
  const rows = [...latest.values()].toSorted((a, b) => (a.userId ?? 0) - (b.userId ?? 0) || (a.key < b.key ? -1 : 1));
  if (rows.length === 0) return;
  const userIds = rows.map(({ userId }) => userId ?? 0);
  await sql`
    INSERT INTO search.search_history AS h (user_id, key, keyword, searched_at_ms)
    SELECT n.user_id, n.key, n.keyword, n.at_ms
    FROM unnest(${userIds}::bigint[], ${rows.map(({ key }) => key)}::text[], ${rows.map(({ keyword }) => keyword)}::text[],
                ${rows.map(({ atMs }) => atMs)}::bigint[]) AS n (user_id, key, keyword, at_ms)
    WHERE NOT EXISTS (SELECT FROM search.search_settings s WHERE s.user_id = n.user_id AND NOT s.is_kept)
    ON CONFLICT (user_id, key) DO UPDATE SET keyword = excluded.keyword, searched_at_ms = excluded.searched_at_ms
    WHERE h.searched_at_ms <= excluded.searched_at_ms`.execute(tx);
  await sql`
    DELETE FROM search.search_history h USING (
      SELECT user_id, key, row_number() OVER (PARTITION BY user_id ORDER BY searched_at_ms DESC, key) AS place
      FROM search.search_history WHERE user_id = ANY(${userIds}::bigint[])) AS o
    WHERE h.user_id = o.user_id AND h.key = o.key AND o.place > ${sql.lit(historyMax)}`.execute(tx);
}

export const history = (db: Db, userId: Id, limit: number) =>
  db
    .selectFrom("search.search_history")
    .select(["keyword", "searched_at_ms as createdAtMs"])
    .where("user_id", "=", userId)
    .orderBy("searched_at_ms", "desc")
    .orderBy("key")
    .limit(limit)
    .execute();

/** Deletes one keyword from a history, or all. */
export const deleteHistory = (tx: Write, userId: Id, key?: string) =>
  tx
    .deleteFrom("search.search_history")
    .where("user_id", "=", userId)
    .$if(key !== undefined, (q) => q.where("key", "=", key ?? ""))
    .execute();

export async function isKept(db: Db, userId: Id): Promise<boolean> {
  const row = await db
    .selectFrom("search.search_settings")
    .select("is_kept as isKept")
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row?.isKept ?? true;
}
export const setSettings = (tx: Write, row: Tables["search.search_settings"]) =>
  tx
    .insertInto("search.search_settings")
    .values(row)
    .onConflict((c) => c.column("user_id").doUpdateSet((e) => ({ is_kept: e.ref("excluded.is_kept") })))
    .execute();

/** Keywords that others may see: those of several sources, which one user cannot be by more accounts or addresses. */
const isDisplayed = sql<boolean>`NOT is_hidden AND searchers >= ${sql.lit(sourcesMin)}`;

export const hottest = (db: Db, limit: number) =>
  db
    .selectFrom("search.hot_searches")
    .select(["keyword", "hot_score as hotScore"])
    .where(isDisplayed)
    .orderBy("hot_score", "desc")
    .orderBy("key")
    .limit(limit)
    .execute();

export const startingWith = (db: Db, prefix: string, limit: number) =>
  db
    .selectFrom("search.hot_searches")
    .select("keyword")
    .where(isDisplayed)
    .where(startsWith("key", prefix))
    .orderBy("hot_score", "desc")
    .limit(limit)
    .execute();

export async function ownStartingWith(db: Db, userId: Id, prefix: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("search.search_history")
    .select("keyword")
    .where("user_id", "=", userId)
    .where(startsWith("key", prefix))
    .orderBy("searched_at_ms", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ keyword }) => keyword);
}

/** The keys among these that are hidden. */
export async function hiddenAmong(db: Db, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("search.hot_searches")
    .select("key")
    .where("key", "in", [...keys, ""])
    .where("is_hidden", "=", true)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

export const listHidden = (db: Db, limit: number) =>
  db
    .selectFrom("search.hot_searches")
    .select("keyword")
    .where("is_hidden", "=", true)
    .orderBy("key")
    .limit(limit)
    .execute();

/** Yields whether this changed anything. */
export async function setHidden(tx: Write, key: string, keyword: string, isHidden: boolean): Promise<boolean> {
  const { numAffectedRows } = await (isHidden
    ? sql`INSERT INTO search.hot_searches AS h (key, keyword, is_hidden) VALUES (${key}, ${keyword}, true)
            ON CONFLICT (key) DO UPDATE SET is_hidden = true WHERE NOT h.is_hidden`
    : sql`UPDATE search.hot_searches SET is_hidden = false WHERE key = ${key} AND is_hidden`
  ).execute(tx);
  return numAffectedRows === 1n;
}

/**
 * Deletes searchers of past hours, and keywords that are searched no longer. A keyword of one searcher is deleted with
 * the last one that names the searcher: after that it could not be deleted with the account.
 */
export async function deleteOld(tx: Write, nowMs: number): Promise<void> {
  await tx
    .deleteFrom("search.recent_searchers")
    .where("hour", "<", Math.floor(nowMs / hourMs) - 48)
    .execute();
  await sql`
    DELETE FROM search.hot_searches h
    WHERE NOT is_hidden AND (hot_score < ${hotScoreOf(0.01, nowMs)}::bigint
      OR searchers <= 1 AND NOT EXISTS (SELECT FROM search.recent_searchers m WHERE m.key = h.key))`.execute(tx);
}

/** Deletes the history of an account, and the keywords that nobody else searched for. */
export async function deleteUser(tx: Write, userId: Id): Promise<void> {
  const searcher = `user:${userId}`;
  await sql`
    DELETE FROM search.hot_searches h
    WHERE NOT is_hidden AND searchers <= 1
      AND key IN (SELECT key FROM search.recent_searchers WHERE searcher = ${searcher})
      AND NOT EXISTS (SELECT FROM search.recent_searchers m WHERE m.key = h.key AND m.searcher <> ${searcher})`.execute(
    tx,
  );
  await tx.deleteFrom("search.search_history").where("user_id", "=", userId).execute();
  await tx.deleteFrom("search.search_settings").where("user_id", "=", userId).execute();
  await tx.deleteFrom("search.recent_searchers").where("searcher", "=", searcher).execute();
}
