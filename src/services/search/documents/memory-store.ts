import { anyOf, type Id } from "#kernel";
import { sql } from "kysely";
import { textUnitsMax } from "../index/analysis/analyser.ts";
import type { Db } from "../store.ts";
import { type DocumentKind, documentKind } from "./documents.ts";
import { stepOf } from "./document-store.ts";

/** A row as the index in memory takes it. */
export interface MemoryRow {
  readonly kind: number;
  readonly id: Id;
  readonly ownerId: Id;
  readonly title: string;
  readonly nickname: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly hashtags: readonly string[];
  readonly publishedAtMs: number;
  readonly durationMs: number | null;
  readonly isUpright: boolean | null;
  readonly plays: number;
  readonly followers: number;
  readonly isVisible: boolean;
  /** The text and the languages of a video's captions; null without captions. */
  readonly captions: string | null;
  readonly captionLanguages: readonly string[] | null;
  /** The names of the author of a video or a live room; null where they are not known. */
  readonly authorNames: string | null;
}

/** A row after which a batch begins. */
export interface RowKey {
  readonly kind: number;
  readonly id: Id;
}
export const firstRow: RowKey = { kind: 0, id: 0 };
export const firstUser: RowKey = { kind: documentKind.user, id: 0 };

/** The number a document is ranked by: the same in each process, whenever it was read. */
const steppedOf = (column: string) =>
  sql<number>`ceil(exp(${stepOf(sql.ref(`d.${column}`))} / 50) - 1.000001)::integer`;

/** Kinds that are also found by the names of their owners. */
const authored = [documentKind.video, documentKind.live];

const columns = sql`
  d.kind, d.id, d.owner_id AS "ownerId", d.title, d.nickname, d.description, d.tags, d.hashtags,
  d.published_at_ms AS "publishedAtMs", d.duration_ms AS "durationMs", d.is_upright AS "isUpright",
  ${steppedOf("play_count")} AS plays, ${steppedOf("follower_count")} AS followers, d.is_visible AS "isVisible",
  a.title || E'\n' || a.nickname AS "authorNames", said.captions, said."captionLanguages"`;
const rows = sql`
  search.documents d LEFT JOIN search.documents a
  ON d.kind IN (${sql.join(authored.map((kind) => sql.lit(kind)))}) AND a.kind = ${sql.lit(documentKind.user)} AND a.id = d.owner_id AND a.is_visible
  LEFT JOIN LATERAL (
    SELECT left(string_agg(array_to_string(texts, E'\n'), E'\n' ORDER BY captions_id), ${sql.lit(textUnitsMax)}) AS captions,
      array_agg(language) AS "captionLanguages"
    FROM search.captions WHERE media_id = d.media_id AND texts IS NOT NULL) said ON d.kind = ${sql.lit(documentKind.video)}`;

/** The rows that everybody or their owner may find, in the order of kinds and ids. */
export async function visibleAfter(
  db: Db,
  { kind, id }: RowKey,
  limit: number,
  lastKind: DocumentKind = documentKind.live,
): Promise<MemoryRow[]> {
  const { rows: memoryRows } = await sql<MemoryRow>`
    SELECT ${columns} FROM ${rows}
    WHERE d.is_visible AND (d.kind, d.id) > (${kind}::smallint, ${id}::bigint) AND d.kind <= ${sql.lit(lastKind)}
    ORDER BY d.kind, d.id LIMIT ${limit}`.execute(db);
  return memoryRows;
}

/**
 * The keys of rows that transactions in this range changed. Rows that are found by their owner's name count as changed when
 * the owner was renamed.
 */
export async function changedBetween(
  db: Db,
  { fromTx, beforeTx }: { readonly fromTx: number; readonly beforeTx: number },
): Promise<RowKey[]> {
  const { rows: changed } = await sql<RowKey>`
    SELECT kind, id FROM search.documents WHERE changed_tx >= ${fromTx} AND changed_tx < ${beforeTx}
    UNION
    SELECT v.kind, v.id FROM search.documents u JOIN search.documents v ON v.owner_id = u.id
    WHERE u.kind = ${sql.lit(documentKind.user)} AND u.named_tx > 0 AND u.named_tx >= ${fromTx} AND u.named_tx < ${beforeTx}
      AND v.kind IN (${sql.join(authored.map((kind) => sql.lit(kind)))}) AND v.is_visible
    ORDER BY kind, id`.execute(db);
  return changed;
}

/** The given rows that exist. */
export async function rowsOf(db: Db, keys: readonly RowKey[]): Promise<MemoryRow[]> {
  const { rows: memoryRows } = await sql<MemoryRow>`
    SELECT ${columns} FROM ${rows}
    JOIN unnest(${keys.map(({ kind }) => kind)}::smallint[], ${keys.map(({ id }) => id)}::bigint[]) AS asked (kind, id)
      ON asked.kind = d.kind AND asked.id = d.id
    ORDER BY d.kind, d.id`.execute(db);
  return memoryRows;
}

/** How many rows changed since a transaction, and before another one; counts no further than `max`. */
export async function changedSince(
  db: Db,
  fromTx: number,
  max: number,
  beforeTx = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  const { rows: counted } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM
      (SELECT FROM search.documents WHERE changed_tx >= ${fromTx} AND changed_tx < ${beforeTx} LIMIT ${max}) AS changed`.execute(
    db,
  );
  return counted[0]?.count ?? 0;
}

/** The texts of the given documents that are public. */
export const textsOf = (db: Db, kind: number, ids: readonly Id[]) =>
  db
    .selectFrom("search.documents")
    .select(["id", "title", "description"])
    .where("kind", "=", kind)
    .where("id", "=", anyOf(ids))
    .where("is_visible", "=", true)
    .execute();
