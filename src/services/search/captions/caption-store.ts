import { anyOf, type Id } from "#kernel";
import { currentTx } from "#kernel/db/changes";
import { sql } from "kysely";
import { documentKind } from "../documents/documents.ts";
import type { Db, Write } from "../store.ts";

/** Captions in one language, of a media object. */
export interface CaptionsKey {
  readonly mediaId: Id;
  readonly captionsId: Id;
}
export interface NewCaptions extends CaptionsKey {
  readonly userId: Id;
  readonly language: string;
}
export interface Cue {
  readonly startMs: number;
  readonly text: string;
}

/** Adds captions whose texts are not here yet; yields whether they are new. */
export async function add(tx: Write, { mediaId, captionsId, userId, language }: NewCaptions): Promise<boolean> {
  const { numInsertedOrUpdatedRows: added } = await tx
    .insertInto("search.captions")
    .values({ media_id: mediaId, captions_id: captionsId, user_id: userId, language })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  return (added ?? 0n) > 0n;
}

/** Stores the texts of captions that are still here. */
export async function setCues(tx: Write, { mediaId, captionsId }: CaptionsKey, cues: readonly Cue[]): Promise<void> {
  const starts = cues.map(({ startMs }) => Math.round(startMs));
  const texts = cues.map(({ text }) => text);
  const { rows } = await sql`
    UPDATE search.captions SET starts_ms = ${starts}::integer[], texts = ${texts}::text[]
    WHERE media_id = ${mediaId} AND captions_id = ${captionsId} RETURNING 1`.execute(tx);
  if (rows.length > 0) await touch(tx, [mediaId]);
}

export async function remove(tx: Write, { mediaId, captionsId }: CaptionsKey): Promise<void> {
  await tx
    .deleteFrom("search.captions")
    .where("media_id", "=", mediaId)
    .where("captions_id", "=", captionsId)
    .execute();
  await touch(tx, [mediaId]);
}

export const removeOfMedia = (tx: Write, mediaId: Id) => removeWhere(tx, "media_id", mediaId);
export const removeOfUser = (tx: Write, userId: Id) => removeWhere(tx, "user_id", userId);

async function removeWhere(tx: Write, column: "media_id" | "user_id", id: Id): Promise<void> {
  const rows = await tx.deleteFrom("search.captions").where(column, "=", id).returning("media_id as mediaId").execute();
  await touch(
    tx,
    rows.map(({ mediaId }) => mediaId),
  );
}

/** The videos of media objects are indexed anew. */
const touch = (tx: Write, mediaIds: readonly Id[]) =>
  sql`UPDATE search.documents SET changed_tx = ${currentTx}
      WHERE kind = ${sql.lit(documentKind.video)} AND media_id = ANY(${[...mediaIds]}::bigint[]) AND is_visible`.execute(
    tx,
  );

/** Captions by media object, in the order of their ids; `id` is that of the media object. */
export async function listByMedia(db: Db, after: Id, limit: number) {
  const { rows } = await sql<{ id: Id; captions: { captionsId: Id; isRead: boolean }[] }>`
    SELECT media_id AS id, json_agg(json_build_object('captionsId', captions_id, 'isRead', texts IS NOT NULL)) AS captions
    FROM search.captions WHERE media_id > ${after} GROUP BY media_id ORDER BY media_id LIMIT ${limit}`.execute(db);
  return rows;
}

/** Captions of videos that everybody may find, with their texts. */
export const ofVideos = (db: Db, videoIds: readonly Id[]) =>
  db
    .selectFrom("search.documents as d")
    .innerJoin("search.captions as c", "c.media_id", "d.media_id")
    .select(["d.id as videoId", "c.language", "c.starts_ms as startsMs", "c.texts"])
    .where("d.kind", "=", documentKind.video)
    .where("d.id", "=", anyOf(videoIds))
    .where("d.is_visible", "=", true)
    .where("c.texts", "is not", null)
    .orderBy("c.captions_id")
    .execute();
