import type { Id, Reader } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "../store.ts";

/** Media objects that are looked at for one page. */
const window = 1_000;

/**
 * Up to `limit` media objects after one that refer to objects which nothing of them needs: deleted media
 * objects, and media objects with replaced renditions, extras or covers. A media object that is being processed is left
 * out, and so is one whose source another one has too: its outputs may be the same objects.
 * `next` is where the next page begins, null at the end.
 */
export async function releasable(
  db: Reader<Tables>,
  after: Id,
  limit: number,
): Promise<{ mediaIds: Id[]; next: Id | null }> {
  const { rows } = await sql<{ id: Id; isReleasable: boolean }>`
    WITH page AS (SELECT id, sha256, deleted_at_ms FROM media.media WHERE id > ${after} ORDER BY id LIMIT ${window})
    SELECT id, NOT EXISTS (
        SELECT FROM media.media o WHERE o.sha256 = page.sha256 AND o.id <> page.id AND o.deleted_at_ms IS NULL
      ) AND NOT EXISTS (
        SELECT FROM media.transcode_tasks t
        WHERE t.media_id = page.id AND page.deleted_at_ms IS NULL AND t.status IN ('queued', 'running')
      ) AND EXISTS (
        SELECT FROM media.media_objects m WHERE m.media_id = page.id AND (page.deleted_at_ms IS NOT NULL OR m.key NOT IN (
          SELECT unnest(ARRAY[key, index_key]) FROM media.renditions WHERE media_id = page.id AND dropped_at_ms IS NULL
          UNION SELECT key FROM media.extras WHERE media_id = page.id
          UNION SELECT key FROM media.captions WHERE media_id = page.id
          UNION SELECT unnest(ARRAY[key, index_key]) FROM media.other_audio_tracks WHERE media_id = page.id
          UNION SELECT k FROM media.media n, unnest(ARRAY[audio_key, audio_index_key, cover_key, picture_key]) AS k
            WHERE n.id = page.id AND k IS NOT NULL))
      ) AS "isReleasable"
    FROM page ORDER BY id`.execute(db);
  const releasableIds = rows.filter(({ isReleasable }) => isReleasable).map(({ id }) => id);
  const mediaIds = releasableIds.slice(0, limit);
  const end = rows.length < window ? null : (rows.at(-1)?.id ?? null);
  return { mediaIds, next: releasableIds.length > limit ? (mediaIds.at(-1) ?? null) : end };
}
