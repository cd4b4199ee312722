import type { Id, Reader, Tx } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "../store.ts";

type Db = Reader<Tables>;

/** Stored objects stay for as long as the media object that refers to them. */
export async function refer(tx: Tx<Tables>, media_id: Id, keys: readonly string[]): Promise<void> {
  for (const key of [...new Set(keys)].toSorted()) {
    await lockKey(tx, key);
    await tx
      .insertInto("media.media_objects")
      .values({ key, media_id })
      .onConflict((c) => c.doNothing())
      .execute();
  }
}

/** No other transaction adds or removes a reference to this object until this one ends. */
export const lockKey = (tx: Tx<Tables>, key: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`media.${key}`}, 0))`.execute(tx);

/** Keys of the objects a hidden media object refers to, in the one order of locking. */
export async function keysOfHidden(db: Db, id: Id): Promise<string[]> {
  const rows = await db
    .selectFrom("media.media_objects")
    .innerJoin("media.media as media", "media.id", "media_id")
    .select("key")
    .where("media_id", "=", id)
    .where("deleted_at_ms", "is not", null)
    .orderBy("key")
    .execute();
  return rows.map(({ key }) => key);
}

export const unrefer = (tx: Tx<Tables>, mediaId: Id, key: string) =>
  tx.deleteFrom("media.media_objects").where("media_id", "=", mediaId).where("key", "=", key).execute();

/** The subset of these keys that some media object refers to. */
export async function findReferenced(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom("media.media_objects")
    .select("key")
    .distinct()
    .where("key", "=", (e) => e.fn.any(e.val([...keys])))
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/** Keys of the objects that one user's media refer to, or all media, in order. */
export async function keysOf(db: Db, userId: Id | undefined, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("media.media_objects")
    .innerJoin("media.media as media", "media.id", "media_id")
    .select("key")
    .distinct()
    .$if(userId !== undefined, (q) => q.where("user_id", "=", userId ?? 0))
    .where("key", ">", after)
    .orderBy("key")
    .limit(limit)
    .execute();
  return rows.map(({ key }) => key);
}

/** The owners of media that refer to these keys. */
export const ownersOf = (db: Db, keys: readonly string[]) =>
  db
    .selectFrom("media.media_objects")
    .innerJoin("media.media as media", "media.id", "media_id")
    .select(["key", "user_id as userId"])
    .distinct()
    .where("key", "=", (e) => e.fn.any(e.val([...keys])))
    .orderBy("key")
    .orderBy("user_id")
    .limit(ownersMax)
    .execute();
const ownersMax = 1_000;

/** The objects that must be in the blob store: all that plays, pictures, and what else a media object still refers to. */
export async function objects(db: Db): Promise<{ id: Id; key: string; sizeBytes: number | undefined }[]> {
  const { rows } = await sql<{ id: Id; key: string; sizeBytes: number | null }>`
    WITH used (id, key, size_bytes) AS (
      SELECT media_id, key, size_bytes FROM media.renditions UNION ALL
      SELECT media_id, index_key, NULL FROM media.renditions UNION ALL
      SELECT media_id, key, size_bytes FROM media.captions UNION ALL
      SELECT media_id, key, size_bytes FROM media.other_audio_tracks UNION ALL
      SELECT media_id, index_key, NULL FROM media.other_audio_tracks UNION ALL
      SELECT id, audio_key, audio_bytes FROM media.media WHERE audio_key IS NOT NULL UNION ALL
      SELECT id, audio_index_key, NULL FROM media.media WHERE audio_index_key IS NOT NULL UNION ALL
      SELECT id, cover_key, cover_bytes FROM media.media WHERE cover_key IS NOT NULL UNION ALL
      SELECT id, picture_key, picture_bytes FROM media.media WHERE picture_key IS NOT NULL UNION ALL
      SELECT media_id, key, size_bytes FROM media.extras
    )
    SELECT coalesce(u.id, o.media_id) AS id, coalesce(u.key, o.key) AS key, u.size_bytes AS "sizeBytes"
    FROM (SELECT used.* FROM used JOIN media.media ON media.id = used.id WHERE deleted_at_ms IS NULL) u
    FULL JOIN media.media_objects o ON o.media_id = u.id AND o.key = u.key
    ORDER BY 1, 2`.execute(db);
  return rows.map(({ sizeBytes, ...row }) => ({ ...row, sizeBytes: sizeBytes ?? undefined }));
}
