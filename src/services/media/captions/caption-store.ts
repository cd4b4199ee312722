import type { Id, Reader, Tx } from "#kernel";
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
export type CaptionsRow = Awaited<ReturnType<typeof captionsOf>>[number];

/** Ordered by language. */
export const captionsOf = (db: Reader<Tables>, mediaId: Id) =>
  all(db).where("media_id", "=", mediaId).orderBy("language").execute();

export const insertCaptions = (tx: Tx<Tables>, media_id: Id, { sizeBytes, createdAtMs, ...row }: CaptionsRow) =>
  tx
    .insertInto("media.captions")
    .values({ ...row, media_id, size_bytes: sizeBytes, created_at_ms: createdAtMs })
    .execute();

export const deleteCaptions = (tx: Tx<Tables>, mediaId: Id, id: Id) =>
  tx.deleteFrom("media.captions").where("media_id", "=", mediaId).where("id", "=", id).execute();
