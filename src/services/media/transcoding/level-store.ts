import type { Id, Reader, Tx } from "#kernel";
import { sql } from "kysely";
import { refer } from "../objects/object-store.ts";
import type { Tables } from "../store.ts";

type Db = Reader<Tables>;

const repair = "levels";

/** The last media object whose renditions were looked at, 0 before the first; undefined once all were. */
export async function lastCheckedId(db: Db): Promise<Id | undefined> {
  const row = await db
    .selectFrom("media.repairs")
    .select(["after_id as afterId", "is_done as isDone"])
    .where("name", "=", repair)
    .executeTakeFirst();
  return row?.isDone === true ? undefined : (row?.afterId ?? 0);
}

export const setLooked = (tx: Tx<Tables>, after_id: Id, is_done: boolean) =>
  tx
    .insertInto("media.repairs")
    .values({ name: repair, after_id, is_done })
    .onConflict((c) => c.column("name").doUpdateSet({ after_id, is_done }))
    .execute();

export interface LeveledRow {
  readonly mediaId: Id;
  readonly profile: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly key: string;
  readonly sizeBytes: number;
  readonly indexKey: string;
}
/** The renditions of the next media objects after one. */
export const renditionsAfter = (db: Db, after: Id, mediaMax: number): Promise<LeveledRow[]> =>
  db
    .selectFrom("media.renditions")
    .select([
      "media_id as mediaId",
      "profile",
      "width",
      "height",
      "fps",
      "key",
      "size_bytes as sizeBytes",
      "index_key as indexKey",
    ])
    .where("media_id", "in", (e) =>
      e
        .selectFrom("media.renditions")
        .select("media_id")
        .distinct()
        .where("media_id", ">", after)
        .orderBy("media_id")
        .limit(mediaMax),
    )
    .orderBy("media_id")
    .orderBy("profile")
    .execute();

/** Gives a rendition another file and index, unless it has others than it had; yields whether it was done. */
export async function replaceFile(
  tx: Tx<Tables>,
  { mediaId, profile, key: formerKey }: LeveledRow,
  { key, indexKey }: { readonly key: string; readonly indexKey: string },
): Promise<boolean> {
  await refer(tx, mediaId, [key, indexKey]);
  const { numUpdatedRows } = await tx
    .updateTable("media.renditions")
    .set({ key, index_key: indexKey })
    .where((e) => e.and({ media_id: mediaId, profile, key: formerKey }))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** The objects, or those of these, that nothing of a media object is made of any more, though it refers to them. */
export async function findUnused(db: Db, mediaId: Id, keys?: readonly string[]): Promise<string[]> {
  const ofKeys = keys ? sql`AND key = ANY (${keys}::text[])` : sql``;
  const { rows } = await sql<{ key: string }>`
    SELECT key FROM media.media_objects WHERE media_id = ${mediaId} ${ofKeys} AND key NOT IN (
      SELECT unnest(ARRAY[key, index_key]) FROM media.renditions WHERE media_id = ${mediaId}
      UNION SELECT key FROM media.extras WHERE media_id = ${mediaId}
      UNION SELECT key FROM media.captions WHERE media_id = ${mediaId}
      UNION SELECT unnest(ARRAY[key, index_key]) FROM media.other_audio_tracks WHERE media_id = ${mediaId}
      UNION SELECT k FROM media.media, unnest(ARRAY[audio_key, audio_index_key, cover_key, picture_key]) AS k
        WHERE id = ${mediaId} AND k IS NOT NULL
    ) ORDER BY key`.execute(db);
  return rows.map(({ key }) => key);
}
