import type { Id } from "#kernel";
import { currentTx } from "#kernel/db/changes";
import { type RawBuilder, sql } from "kysely";
import { documentKind, type DocumentKind, type DocumentState, hiddenDocument } from "./documents.ts";
import { type Db, deletedVersion, type Write } from "../store.ts";

/** Stores a document; yields whether it changed. An older version is ignored, and so is the same one with the same content. */
export async function put(tx: Write, document: DocumentState): Promise<boolean> {
  const { kind, id, version, ownerId, title, nickname, description, tags, hashtags } = document;
  const { publishedAtMs, durationMs, isUpright, mediaId, isVisible } = document;
  const namedTx = kind === documentKind.user ? currentTx : sql`0`;
  const { rows } = await sql`
    INSERT INTO search.documents AS d (kind, id, version, owner_id, title, nickname, description, tags, hashtags,
      published_at_ms, duration_ms, is_upright, media_id, is_visible, named_tx, changed_tx)
    VALUES (${kind}, ${id}, ${version}, ${ownerId}, ${title}, ${nickname}, ${description}, ${[...tags]}::text[],
      ${[...hashtags]}::text[], ${publishedAtMs}, ${durationMs}, ${isUpright}, ${mediaId}, ${isVisible}, ${namedTx}, ${currentTx})
    ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, owner_id = excluded.owner_id, title = excluded.title,
      nickname = excluded.nickname, description = excluded.description, tags = excluded.tags,
      hashtags = excluded.hashtags, published_at_ms = excluded.published_at_ms, duration_ms = excluded.duration_ms,
      is_upright = excluded.is_upright, media_id = coalesce(excluded.media_id, d.media_id),
      is_visible = excluded.is_visible, named_tx = excluded.named_tx,
      changed_tx = excluded.changed_tx
    WHERE d.version < excluded.version OR (d.version = excluded.version AND
      (d.owner_id, d.title, d.nickname, d.description, d.tags, d.hashtags, d.published_at_ms, d.duration_ms,
       d.is_upright, d.media_id, d.is_visible)
      IS DISTINCT FROM (excluded.owner_id, excluded.title, excluded.nickname, excluded.description, excluded.tags,
       excluded.hashtags, excluded.published_at_ms, excluded.duration_ms, excluded.is_upright,
       coalesce(excluded.media_id, d.media_id), excluded.is_visible))
    RETURNING 1`.execute(tx);
  return rows.length > 0;
}

/** Deletes a document; its tombstone keeps later events of earlier versions from restoring it. */
export const remove = (tx: Write, kind: DocumentKind, id: Id): Promise<boolean> =>
  put(tx, hiddenDocument(kind, id, deletedVersion));

/** Deletes hashtags; another one of the same id may come: a lost row is found again by reconciliation. */
export const removeHashtags = (tx: Write, ids: readonly Id[]) =>
  sql`UPDATE search.documents SET version = 0, title = '', is_visible = false, changed_tx = ${currentTx}
      WHERE kind = ${documentKind.hashtag} AND id = ANY(${[...ids]}::bigint[]) AND is_visible`.execute(tx);

/**
 * Numbers grow by about 2 % from one step to the next: only then is a document indexed again. A count is below 0 where the
 * event of an end came before that of its beginning.
 */
export const stepOf = (count: RawBuilder<unknown>) => sql`floor(50 * ln(1 + greatest(0, ${count})))`;

/** Counts views of a video, also of one that is not here yet. */
export const view = (tx: Write, videoId: Id, views: number) =>
  addTo(tx, { kind: documentKind.video, id: videoId }, "play_count", views);
/** Counts a follower, or one less. */
export const follow = (tx: Write, userId: Id, by: 1 | -1) =>
  addTo(tx, { kind: documentKind.user, id: userId }, "follower_count", by);

const addTo = (
  tx: Write,
  { kind, id }: { readonly kind: DocumentKind; readonly id: Id },
  column: "play_count" | "follower_count",
  by: number,
) =>
  sql`INSERT INTO search.documents AS d (kind, id, version, owner_id, ${sql.ref(column)}, is_visible, changed_tx)
      VALUES (${kind}, ${id}, 0, 0, ${by}, false, ${currentTx})
      ON CONFLICT (kind, id) DO UPDATE SET ${sql.ref(column)} = ${sum(column, by)},
        changed_tx = CASE WHEN d.is_visible AND ${stepOf(sum(column, by))} <> ${stepOf(sql.ref(`d.${column}`))}
          THEN excluded.changed_tx ELSE d.changed_tx END`.execute(tx);
const sum = (column: string, by: number) => sql`(d.${sql.ref(column)} + ${by}::integer)`;

export interface CountOf {
  readonly id: Id;
  readonly count: number;
}
/** Corrects counts; yields the documents whose counts were wrong. */
export async function setCounts(
  tx: Write,
  kind: DocumentKind,
  column: "play_count" | "follower_count",
  counts: readonly CountOf[],
): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    UPDATE search.documents d SET ${sql.ref(column)} = c.count, changed_tx = ${currentTx}
    FROM unnest(${counts.map(({ id }) => id)}::bigint[], ${counts.map(({ count }) => count)}::integer[]) AS c (id, count)
    WHERE d.kind = ${kind} AND d.id = c.id AND d.is_visible AND d.${sql.ref(column)} <> c.count
    RETURNING d.id`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Documents of a kind in the order of their ids. */
export const listDocuments = (db: Db, kind: DocumentKind, after: Id, limit: number) =>
  db
    .selectFrom("search.documents")
    .select(["id", "is_visible as isVisible"])
    .where("kind", "=", kind)
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();
