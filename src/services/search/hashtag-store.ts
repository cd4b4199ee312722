import { anyOf, type Id, type PageInput, pageOf } from "#kernel";
import { sql } from "kysely";
import { startsWith, type Db, matches, vector, type Write } from "./store.ts";
import type { Needle } from "./terms.ts";

export interface HashtagEntry {
  readonly hashtagId: Id;
  readonly key: string;
  readonly name: string;
  readonly terms: readonly string[];
}

/** Stores entries of hashtags, whose names never change; yields which were new or differed. */
export async function put(tx: Write, entries: readonly HashtagEntry[]): Promise<Id[]> {
  const changed: Id[] = [];
  for (const { hashtagId, key, name, terms } of entries) {
    const { rows } = await sql`
      INSERT INTO search.hashtag_entries AS h (hashtag_id, key, name, letters, words)
      VALUES (${hashtagId}, ${key}, ${name}, ${[...key].length}, ${vector(terms)})
      ON CONFLICT (hashtag_id) DO UPDATE SET key = excluded.key, name = excluded.name, letters = excluded.letters,
        words = excluded.words
      WHERE (h.key, h.name, h.words) IS DISTINCT FROM (excluded.key, excluded.name, excluded.words)
      RETURNING 1`.execute(tx);
    if (rows.length > 0) changed.push(hashtagId);
  }
  return changed;
}

export const remove = (tx: Write, ids: readonly Id[]) =>
  tx.deleteFrom("search.hashtag_entries").where("hashtag_id", "=", anyOf(ids)).execute();

/** Of similar names the shortest is nearest to the query. */
export function search(
  db: Db,
  { key, needles }: { readonly key: string; readonly needles: readonly Needle[] },
  sort: "relevance" | "new",
  page: PageInput,
) {
  const hits = db
    .selectFrom("search.hashtag_entries")
    .select([
      "hashtag_id as hashtagId",
      sql<number>`-letters`.as("nearness"),
      sql<number>`CASE WHEN key = ${key} THEN 2 WHEN starts_with(key, ${key}) THEN 1 ELSE 0 END`.as("tier"),
    ])
    .where(matches("words", needles));
  const rows = db.selectFrom(hits.as("hit")).selectAll("hit");
  return sort === "new"
    ? pageOf(db, rows, { hashtagId: "hashtagId" }, page, "desc", "along")
    : pageOf(db, rows, { tier: "tier", nearness: "nearness", hashtagId: "hashtagId" }, page, "desc", "along");
}

export async function startingWith(db: Db, prefix: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("search.hashtag_entries")
    .select("name")
    .where(startsWith("key", prefix))
    .orderBy("key")
    .limit(limit)
    .execute();
  return rows.map(({ name }) => name);
}
