import type { Id, Tx } from "#kernel";
import { type ExpressionBuilder, sql } from "kysely";
import type { Db, Tables } from "../store.ts";

export interface MediaState {
  readonly state: "processing" | "ready" | "failed";
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly sizeBytes?: number;
  readonly hasCover?: boolean;
  /** JSON of the chapters inside the file; null for none. */
  readonly chapters?: string | null;
  readonly error?: string;
  readonly message?: string;
}
export interface MediaStateRow {
  readonly id: Id;
  readonly state: "failed" | "processing" | "ready";
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly hasCover: boolean;
  readonly chapters: string | null;
  readonly error: string | null;
  readonly message: string | null;
}
/** The local copies of media objects, in the order of their ids. */
export const mediaStates = (db: Db, after: number, limit: number): Promise<MediaStateRow[]> =>
  db
    .selectFrom("video.media_states as media_states")
    .select([
      "media_id as id",
      "state",
      "width",
      "height",
      "duration_ms as durationMs",
      "size_bytes as sizeBytes",
      "has_cover as hasCover",
      "chapters",
      "error",
      "message",
    ])
    .where("media_id", ">", after)
    .orderBy("media_id")
    .limit(limit)
    .execute();

/** Corrects a local copy unless it changed meanwhile; yields whether it did. */
export async function correctMedia(tx: Tx<Tables>, before: MediaStateRow, to: MediaStateRow): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE video.media_states SET state = ${to.state}, width = ${to.width}, height = ${to.height},
      duration_ms = ${to.durationMs}, size_bytes = ${to.sizeBytes}, has_cover = ${to.hasCover},
      chapters = ${to.chapters}, error = ${to.error}, message = ${to.message}
    WHERE media_id = ${before.id} AND (state, width, height, duration_ms, size_bytes, has_cover, chapters, error, message)
      IS NOT DISTINCT FROM (${before.state}, ${before.width}::integer, ${before.height}::integer, ${before.durationMs}::bigint,
        ${before.sizeBytes}::bigint, ${before.hasCover}::boolean, ${before.chapters}::text, ${before.error}::text, ${before.message}::text)`.execute(
    tx,
  );
  return numAffectedRows === 1n;
}

interface RecordedMedia extends MediaState {
  /** Its last video was deleted. */
  readonly isReleased: boolean;
}

/**
 * Stores the state of a media object and locks its row: the creation of a video and the event that its media is ready
 * wait for each other here, so that neither misses the other. A final state never becomes `processing` again.
 */
export async function recordMedia(tx: Tx<Tables>, mediaId: Id, media: MediaState): Promise<RecordedMedia> {
  const { rows: recorded } = await sql<RecordedMedia>`
    INSERT INTO video.media_states AS m (media_id, state, width, height, duration_ms, size_bytes, has_cover, chapters, error, message)
    VALUES (${mediaId}, ${media.state}, ${media.width ?? 0}, ${media.height ?? 0}, ${media.durationMs ?? 0},
            ${media.sizeBytes ?? 0}, ${media.hasCover ?? false}, ${media.chapters ?? null}, ${media.error ?? null}, ${media.message ?? null})
    ON CONFLICT (media_id) DO UPDATE SET
      state       = CASE WHEN excluded.state = 'processing' OR m.state = 'ready' THEN m.state ELSE excluded.state END,
      width       = CASE WHEN excluded.state = 'ready' THEN excluded.width       ELSE m.width       END,
      height      = CASE WHEN excluded.state = 'ready' THEN excluded.height      ELSE m.height      END,
      duration_ms = CASE WHEN excluded.state = 'ready' THEN excluded.duration_ms ELSE m.duration_ms END,
      size_bytes  = CASE WHEN excluded.state = 'ready' THEN excluded.size_bytes  ELSE m.size_bytes  END,
      chapters    = CASE WHEN excluded.state = 'ready' THEN excluded.chapters    ELSE m.chapters    END,
      has_cover   = excluded.has_cover OR m.has_cover,
      error       = CASE WHEN excluded.state = 'failed' THEN excluded.error   ELSE m.error   END,
      message     = CASE WHEN excluded.state = 'failed' THEN excluded.message ELSE m.message END
    RETURNING state, width, height, duration_ms AS "durationMs", size_bytes AS "sizeBytes", has_cover AS "hasCover",
              is_released AS "isReleased"`.execute(tx);
  return recorded[0] ?? { ...media, isReleased: false };
}

/** Marks a media object as released unless a video shows or awaits it; yields whether it did. */
export async function releaseMedia(tx: Tx<Tables>, mediaId: Id): Promise<boolean> {
  // Only a statement after this one sees a video that was created of the same media object meanwhile.
  await tx
    .selectFrom("video.media_states as media_states")
    .select("media_id")
    .where("media_id", "=", mediaId)
    .forUpdate()
    .execute();
  const { numUpdatedRows } = await tx
    .updateTable("video.media_states as media_states")
    // Chapters are a user's text, which must not outlive the media object.
    .set({ is_released: true, chapters: null })
    .where("media_id", "=", mediaId)
    .where("is_released", "=", false)
    .where((e) => e.not(e.exists(using(e, "media_id"))))
    .where((e) => e.not(e.exists(using(e, "next_media_id"))))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

const using = (
  e: ExpressionBuilder<Tables & { media_states: Tables["video.media_states"] }, "media_states">,
  column: "media_id" | "next_media_id",
) =>
  e
    .selectFrom("video.videos as videos")
    .select("id")
    .whereRef(`videos.${column}`, "=", "media_states.media_id")
    .where("deleted_at_ms", "is", null);
