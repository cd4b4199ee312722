import { anyOf, type Id } from "#kernel";
import type { Horizon } from "#kernel/db/changes";
import { sql } from "kysely";
import { documentKind } from "../documents/documents.ts";
import type { Db, Write } from "../store.ts";
import type { StoredVector } from "./stored-vector.ts";

/** The model that videos are embedded by. */
export interface ModelState {
  /** The least similarity that counts as near. */
  readonly threshold: number;
  /** Up to where all videos have their vectors; undefined during the first filling. */
  readonly horizon?: Horizon | undefined;
}

export async function modelState(db: Db, model: string): Promise<ModelState | undefined> {
  const row = await db.selectFrom("search.embedding_models").selectAll().where("model", "=", model).executeTakeFirst();
  if (!row) return undefined;
  const { threshold, ended_tx: endedTx, storage } = row;
  return { threshold, ...(endedTx !== null && storage !== null && { horizon: { endedTx, storage } }) };
}

/** Videos are embedded by this model from now on: others are forgotten. */
export async function keepModelState(tx: Write, model: string, { threshold, horizon }: ModelState): Promise<void> {
  const values = { threshold, ended_tx: horizon?.endedTx ?? null, storage: horizon?.storage ?? null };
  await tx.deleteFrom("search.embedding_models").where("model", "<>", model).execute();
  await tx
    .insertInto("search.embedding_models")
    .values({ model, ...values })
    .onConflict((conflict) => conflict.column("model").doUpdateSet(values))
    .execute();
}

/** The hashes of the texts that videos were embedded with. */
export const hashesOf = async (db: Db, model: string, videoIds: readonly Id[]): Promise<ReadonlyMap<Id, string>> => {
  const rows = await db
    .selectFrom("search.video_vectors")
    .select(["video_id", "text_hash"])
    .where("model", "=", model)
    .where("video_id", "=", anyOf(videoIds))
    .execute();
  return new Map(rows.map((row) => [row.video_id, row.text_hash]));
};

export interface EmbeddedVideo {
  readonly videoId: Id;
  readonly textHash: string;
  /** Null where the model takes no text of it. */
  readonly vector: StoredVector | null;
}

/** Stores vectors of videos in place of their earlier ones; none of a video that was hidden or deleted meanwhile. */
export const put = (tx: Write, model: string, videos: readonly EmbeddedVideo[]) =>
  sql`INSERT INTO search.video_vectors (video_id, model, text_hash, signs, vector)
      SELECT given.video_id, ${model}, given.text_hash, given.signs::bit varying, given.vector
      FROM unnest(${videos.map(({ videoId }) => videoId)}::bigint[], ${videos.map(({ textHash }) => textHash)}::text[],
        ${videos.map(({ vector }) => vector?.signs ?? null)}::text[],
        ${videos.map(({ vector }) => vector && Buffer.from(vector.bytes.buffer))}::bytea[])
        AS given (video_id, text_hash, signs, vector)
      JOIN search.documents d ON d.kind = ${sql.lit(documentKind.video)} AND d.id = given.video_id AND d.is_visible
      FOR SHARE OF d
      ON CONFLICT (video_id) DO UPDATE SET model = excluded.model, text_hash = excluded.text_hash,
        signs = excluded.signs, vector = excluded.vector`.execute(tx);

export const remove = (tx: Write, videoIds: readonly Id[]) =>
  tx.deleteFrom("search.video_vectors").where("video_id", "=", anyOf(videoIds)).execute();

export interface NearVideo {
  readonly id: Id;
  readonly bytes: Int8Array;
}

/**
 * The videos whose vectors have the most signs of a vector; reads the signs of all of them. As a query of its own, the text
 * becomes bits once and not for each row.
 */
export async function nearest(db: Db, model: string, signs: string, limit: number): Promise<NearVideo[]> {
  const { rows } = await sql<{ id: Id; vector: Buffer }>`
    SELECT video_id AS id, vector FROM search.video_vectors
    WHERE model = ${model} AND length(signs) = ${signs.length}
    ORDER BY bit_count(signs # (SELECT ${signs}::text::bit varying)), video_id DESC LIMIT ${limit}`.execute(db);
  return rows.map(({ id, vector }) => ({ id, bytes: new Int8Array(vector.buffer, vector.byteOffset, vector.length) }));
}
