import type { Id, Reader, Tx } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "../store.ts";

const all = (db: Reader<Tables>) =>
  db
    .selectFrom("media.captions")
    .select([
      "id",
      "language",
      "label",
      "cues",
      "key",
      "size_bytes as sizeBytes",
      "created_at_ms as createdAtMs",
      "source",
    ]);

export interface CaptionsRow {
  readonly id: Id;
  readonly language: string;
  readonly label: string;
  readonly cues: number;
  readonly key: string;
  readonly sizeBytes: number;
  readonly createdAtMs: number;
  readonly source: "file" | "upload";
}
/** Ordered by language. */
export const captionsOf = (db: Reader<Tables>, mediaId: Id): Promise<CaptionsRow[]> =>
  all(db).where("media_id", "=", mediaId).orderBy("language").execute();

export const insertCaptions = (tx: Tx<Tables>, media_id: Id, { sizeBytes, createdAtMs, ...row }: CaptionsRow) =>
  tx
    .insertInto("media.captions")
    .values({ ...row, media_id, size_bytes: sizeBytes, created_at_ms: createdAtMs })
    .execute();

export const deleteCaptions = (tx: Tx<Tables>, mediaId: Id, id: Id) =>
  tx.deleteFrom("media.captions").where("media_id", "=", mediaId).where("id", "=", id).execute();

/** The captions of media objects that have some, in the order of their ids. */
export async function captionBatch(db: Reader<Tables>, after: Id, limit: number) {
  const { rows } = await sql<{ mediaId: Id; userId: Id; captions: { captionsId: Id; language: string }[] }>`
    SELECT m.id AS "mediaId", m.user_id AS "userId",
      json_agg(json_build_object('captionsId', c.id, 'language', c.language) ORDER BY c.id) AS captions
    FROM media.media m JOIN media.captions c ON c.media_id = m.id
    WHERE m.id > ${after} AND m.deleted_at_ms IS NULL GROUP BY m.id, m.user_id ORDER BY m.id LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}
