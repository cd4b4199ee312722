import type { EntryState } from "#events/drive";
import { anyOf, type Id } from "#kernel";
import { currentTx } from "#kernel/db/changes";
import { sql } from "kysely";
import { type Db, deletedVersion, type Write } from "../store.ts";
import { documentKind } from "./documents.ts";

/** An entry of a drive as its owner's files are found by; without its owner and name unless it is live. */
export interface FileDocument {
  readonly id: Id;
  readonly version: number;
  readonly ownerId: Id;
  readonly name: string;
  readonly kind: string;
  readonly isVisible: boolean;
  /** 0 for one that is not deleted. */
  readonly deletedAtMs: number;
}

/** Pure. */
export function fileDocument({ id, version, state, kind, name }: EntryState, ownerId: Id, atMs: number): FileDocument {
  if (state === "live") return { id, version, ownerId, name, kind, isVisible: true, deletedAtMs: 0 };
  const hidden = { id, ownerId: 0, name: "", kind: "", isVisible: false };
  return state === "trashed"
    ? { ...hidden, version, deletedAtMs: 0 }
    : { ...hidden, version: deletedVersion, deletedAtMs: atMs };
}

/** Stores files, each once; yields those that changed. An older version is ignored, and so is the same one as it is. */
export async function put(tx: Write, files: readonly FileDocument[]): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    INSERT INTO search.documents AS d (kind, id, version, owner_id, title, tags, published_at_ms, is_visible, changed_tx)
    SELECT ${documentKind.file}, f.id, f.version, f.owner_id, f.name, CASE f.kind WHEN '' THEN '{}' ELSE ARRAY[f.kind] END,
      f.deleted_at_ms, f.is_visible, ${currentTx}
    FROM unnest(${files.map(({ id }) => id)}::bigint[], ${files.map(({ version }) => version)}::integer[],
      ${files.map(({ ownerId }) => ownerId)}::bigint[], ${files.map(({ name }) => name)}::text[],
      ${files.map(({ kind }) => kind)}::text[], ${files.map(({ deletedAtMs }) => deletedAtMs)}::bigint[],
      ${files.map(({ isVisible }) => isVisible)}::boolean[])
      AS f (id, version, owner_id, name, kind, deleted_at_ms, is_visible)
    ORDER BY f.id
    ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, owner_id = excluded.owner_id, title = excluded.title,
      tags = excluded.tags, published_at_ms = excluded.published_at_ms, is_visible = excluded.is_visible,
      changed_tx = excluded.changed_tx
    WHERE d.version < excluded.version OR (d.version = excluded.version AND
      (d.owner_id, d.title, d.tags, d.is_visible)
      IS DISTINCT FROM (excluded.owner_id, excluded.title, excluded.tags, excluded.is_visible))
    RETURNING id`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Deletes some files of an account; yields how many. */
export async function removeSome(tx: Write, ownerId: Id, limit: number, atMs: number): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE search.documents SET version = ${deletedVersion}, owner_id = 0, title = '', tags = '{}',
      published_at_ms = ${atMs}, is_visible = false, changed_tx = ${currentTx}
    WHERE kind = ${sql.lit(documentKind.file)} AND id IN (
      SELECT id FROM search.documents
      WHERE kind = ${sql.lit(documentKind.file)} AND is_visible AND owner_id = ${ownerId} ORDER BY id LIMIT ${limit})`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}

/** The longest an event of a file may be late. A process that follows the table, or reads a snapshot, is late by less. */
const tombstoneMs = 7 * 86_400_000;

/** Deletes tombstones of files: there are many, as people delete files all the time. */
export const deleteTombstones = (tx: Write, nowMs: number) =>
  sql`DELETE FROM search.documents
      WHERE kind = ${sql.lit(documentKind.file)} AND version = ${sql.lit(deletedVersion)} AND NOT is_visible
        AND published_at_ms < ${nowMs - tombstoneMs}`.execute(tx);

/** The names of the given files that belong to this user and are live. */
export async function namesOf(db: Db, ownerId: Id, ids: readonly Id[]): Promise<ReadonlyMap<Id, string>> {
  const rows = await db
    .selectFrom("search.documents")
    .select(["id", "title as name"])
    .where("kind", "=", documentKind.file)
    .where("id", "=", anyOf(ids))
    .where("owner_id", "=", ownerId)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** True if a file was ever stored here, deleted or not. */
export async function isKnown(db: Db, id: Id): Promise<boolean> {
  const row = await db
    .selectFrom("search.documents")
    .select("id")
    .where("kind", "=", documentKind.file)
    .where("id", "=", id)
    .executeTakeFirst();
  return row !== undefined;
}
