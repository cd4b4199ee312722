import type { Id } from "#kernel";
import { heatOf, warmer } from "#policy/hot-score";
import { sql } from "kysely";
import { begins, type Db, type Tables, type Write } from "./store.ts";

export const hourMs = 3_600_000;
const historyMax = 100;

/** One thing somebody looked for. */
export interface Noted {
  readonly userId: Id | undefined;
  /** Who counts once an hour. */
  readonly person: string;
  readonly key: string;
  readonly keyword: string;
  readonly results: number;
  readonly atMs: number;
  /** Whether others may see that it was looked for. */
  readonly isSayable: boolean;
}

/** Counts what was looked for, everybody once an hour. */
export async function count(tx: Write, noted: readonly Noted[]): Promise<void> {
  const sayable = noted.filter(({ isSayable }) => isSayable);
  if (sayable.length === 0) return;
  const marks = new Map(
    sayable.map(({ key, person, atMs }) => {
      const mark = { key, person, hour: Math.floor(atMs / hourMs) };
      return [JSON.stringify(mark), mark] as const;
    }),
  );
  const sorted = [...marks.values()].toSorted((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : a.person < b.person ? -1 : 1,
  );
  const added = await tx
    .insertInto("search.search_marks")
    .values(sorted)
    .onConflict((c) => c.doNothing())
    .returning(["key", "hour"])
    .execute();
  const words = [...Map.groupBy(sayable, ({ key }) => key)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, same] of words) {
    const mine = added.filter((mark) => mark.key === key);
    const hasResults = same.some(({ results }) => results > 0);
    if (mine.length === 0) {
      // Who looks again within the hour does not count again, and may find something by now.
      const again = tx.updateTable("search.hot_searches").set({ has_results: true });
      if (hasResults) await again.where("key", "=", key).where("has_results", "=", false).execute();
      continue;
    }
    const heat = heatOf(mine.length, Math.max(...same.map(({ atMs }) => atMs)));
    await sql`
      INSERT INTO search.hot_searches AS h (key, keyword, heat, people, has_results)
      SELECT ${key}, ${same[0]?.keyword}, ${heat}::bigint, count(DISTINCT person), ${hasResults}::boolean
      FROM search.search_marks WHERE key = ${key}
      ON CONFLICT (key) DO UPDATE SET heat = ${warmer(sql`h.heat`, sql`excluded.heat`)},
        people = greatest(h.people, excluded.people), has_results = excluded.has_results OR h.has_results`.execute(tx);
  }
}

/** Notes what people looked for in their own history, where they keep one; the latest {@link historyMax} stay. */
export async function remember(tx: Write, noted: readonly Noted[]): Promise<void> {
  const latest = new Map(
    noted.flatMap((one) => (one.userId === undefined ? [] : [[`${one.userId} ${one.key}`, one] as const])),
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

/** One thing, or everything. */
export const forget = (tx: Write, userId: Id, key?: string) =>
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

/** What others may see: what somebody found something by, or several people looked for. */
const shown = sql<boolean>`NOT is_hidden AND (has_results OR people > 1)`;

export const hottest = (db: Db, limit: number) =>
  db
    .selectFrom("search.hot_searches")
    .select(["keyword", "heat"])
    .where(shown)
    .orderBy("heat", "desc")
    .orderBy("key")
    .limit(limit)
    .execute();

export async function begun(db: Db, prefix: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("search.hot_searches")
    .select("keyword")
    .where(shown)
    .where(begins("key", prefix))
    .orderBy("heat", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ keyword }) => keyword);
}

export async function begunBefore(db: Db, userId: Id, prefix: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("search.search_history")
    .select("keyword")
    .where("user_id", "=", userId)
    .where(begins("key", prefix))
    .orderBy("searched_at_ms", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ keyword }) => keyword);
}

/** Which of these are hidden. */
export async function hiddenOf(db: Db, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("search.hot_searches")
    .select("key")
    .where("key", "in", [...keys, ""])
    .where("is_hidden", "=", true)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

export const hidden = (db: Db, limit: number) =>
  db
    .selectFrom("search.hot_searches")
    .select("keyword")
    .where("is_hidden", "=", true)
    .orderBy("key")
    .limit(limit)
    .execute();

/** Whether it was not so before. */
export async function setHidden(tx: Write, key: string, keyword: string, isHidden: boolean): Promise<boolean> {
  const { numAffectedRows } = await (isHidden
    ? sql`INSERT INTO search.hot_searches AS h (key, keyword, is_hidden) VALUES (${key}, ${keyword}, true)
            ON CONFLICT (key) DO UPDATE SET is_hidden = true WHERE NOT h.is_hidden`
    : sql`UPDATE search.hot_searches SET is_hidden = false WHERE key = ${key} AND is_hidden`
  ).execute(tx);
  return numAffectedRows === 1n;
}

/**
 * Marks of hours that are long over, and words that nobody looks for any more. What one person alone looked for goes with
 * the last mark that says whose it was: it could not be forgotten with them.
 */
export async function tidy(tx: Write, nowMs: number): Promise<void> {
  await tx
    .deleteFrom("search.search_marks")
    .where("hour", "<", Math.floor(nowMs / hourMs) - 48)
    .execute();
  await sql`
    DELETE FROM search.hot_searches h
    WHERE NOT is_hidden AND (heat < ${heatOf(0.01, nowMs)}::bigint
      OR people <= 1 AND NOT EXISTS (SELECT FROM search.search_marks m WHERE m.key = h.key))`.execute(tx);
}

/** Their own history, and the words that nobody but they looked for. */
export async function forgetUser(tx: Write, userId: Id): Promise<void> {
  const person = `user:${userId}`;
  await sql`
    DELETE FROM search.hot_searches h
    WHERE NOT is_hidden AND people <= 1
      AND key IN (SELECT key FROM search.search_marks WHERE person = ${person})
      AND NOT EXISTS (SELECT FROM search.search_marks m WHERE m.key = h.key AND m.person <> ${person})`.execute(tx);
  await tx.deleteFrom("search.search_history").where("user_id", "=", userId).execute();
  await tx.deleteFrom("search.search_settings").where("user_id", "=", userId).execute();
  await tx.deleteFrom("search.search_marks").where("person", "=", person).execute();
}
