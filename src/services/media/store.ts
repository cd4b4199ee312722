import type { StoredObject } from "#events/transcoder";
import { anyOf, type Id, type Reader, type Tx } from "#kernel";
import { type Generated, type Insertable, sql } from "kysely";
import type { z } from "zod";
import type { Captions, Format, Media, Task } from "./contract.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  "media.media": {
    id: Id;
    user_id: Id;
    file_id: Id;
    source_key: string;
    sha256: string;
    size_bytes: number;
    name: string;
    mime: string;
    kind: Media["kind"];
    purpose: Media["purpose"];
    status: Exclude<Media["status"], "uploaded">;
    error: Generated<string | null>;
    message: Generated<string | null>;
    width: Generated<number>;
    height: Generated<number>;
    duration_ms: Generated<number>;
    fps: Generated<number>;
    audio_key: Generated<string | null>;
    audio_bytes: Generated<number | null>;
    audio_index_key: Generated<string | null>;
    audio_language: Generated<string | null>;
    audio_label: Generated<string>;
    cover_key: Generated<string | null>;
    cover_bytes: Generated<number | null>;
    /** The redrawn picture of an image. */
    picture_key: Generated<string | null>;
    picture_bytes: Generated<number | null>;
    /** JSON. */
    storyboard: Generated<string | null>;
    thumb: Generated<string | null>;
    /** JSON. */
    loudness: Generated<string | null>;
    /** JSON. */
    chapters: Generated<string | null>;
    /** Codes with blanks between them. */
    notices: Generated<string>;
    created_at_ms: number;
    deleted_at_ms: Generated<number | null>;
  };
  /** The media object of each file, hidden ones included: a file has one. */
  "media.media_files": { file_id: Id; media_id: Id };
  "media.extras": { media_id: Id; name: string; mime: string; key: string; size_bytes: number };
  "media.disabled_formats": { kind: Format["kind"]; name: string; since_ms: number };
  "media.repairs": { name: string; after_id: Id; is_done: boolean };
  "media.renditions": {
    media_id: Id;
    profile: string;
    width: number;
    height: number;
    bitrate_bps: number;
    fps: number;
    key: string;
    size_bytes: number;
    index_key: string;
    /** Since then it is in no list, and only players that have begun with it find it. */
    dropped_at_ms: Generated<number | null>;
  };
  "media.captions": {
    id: Id;
    media_id: Id;
    language: string;
    label: string;
    cues: number;
    key: string;
    size_bytes: number;
    created_at_ms: number;
    source: Generated<Captions["source"]>;
  };
  /** Sounds that may be chosen in place of the first. */
  "media.other_audio_tracks": {
    media_id: Id;
    number: number;
    language: string | null;
    label: string;
    key: string;
    size_bytes: number;
    index_key: string;
  };
  /** The objects of the space `media` that a media object refers to; the same bytes may serve several. */
  "media.media_objects": { key: string; media_id: Id };
  "media.transcode_tasks": {
    id: Id;
    media_id: Id;
    status: Generated<Task["status"]>;
    progress: Generated<number>;
    step: Generated<string>;
    error: Generated<string | null>;
    created_at_ms: number;
    user_id: Id;
    /** When it will be over, as was guessed last. */
    ends_at_ms: Generated<number | null>;
  };
}
type Db = Reader<Tables>;

const columns = [
  "id",
  "user_id as userId",
  "file_id as fileId",
  "source_key as sourceKey",
  "sha256",
  "size_bytes as sizeBytes",
  "name",
  "mime",
  "kind",
  "purpose",
  "status",
  "error",
  "message",
  "width",
  "height",
  "duration_ms as durationMs",
  "fps",
  "audio_key as audioKey",
  "audio_bytes as audioBytes",
  "audio_index_key as audioIndexKey",
  "audio_language as audioLanguage",
  "audio_label as audioLabel",
  "cover_key as coverKey",
  "cover_bytes as coverBytes",
  "picture_key as pictureKey",
  "picture_bytes as pictureBytes",
  "storyboard",
  "thumb",
  "loudness",
  "chapters",
  "notices",
  "created_at_ms as createdAtMs",
  "deleted_at_ms as deletedAtMs",
] as const;

const all = (db: Db) => db.selectFrom("media.media as media").select(columns);

export interface Row {
  readonly id: Id;
  readonly kind: "video" | "audio" | "image";
  readonly purpose: "video" | "cover" | "avatar" | "background" | "picture";
  readonly status: "failed" | "processing" | "ready";
  readonly userId: Id;
  readonly fileId: Id;
  readonly sourceKey: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly name: string;
  readonly mime: string;
  readonly error: string | null;
  readonly message: string | null;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly fps: number;
  readonly audioKey: string | null;
  readonly audioBytes: number | null;
  readonly audioIndexKey: string | null;
  readonly audioLanguage: string | null;
  readonly audioLabel: string;
  readonly coverKey: string | null;
  readonly coverBytes: number | null;
  readonly pictureKey: string | null;
  readonly pictureBytes: number | null;
  readonly storyboard: string | null;
  readonly thumb: string | null;
  readonly loudness: string | null;
  readonly chapters: string | null;
  readonly notices: string;
  readonly createdAtMs: number;
  readonly deletedAtMs: number | null;
}
/** Includes hidden media objects: a file becomes one media object, once. */
export const byFile = (db: Db, fileId: Id): Promise<Row | undefined> =>
  all(db).where("file_id", "=", fileId).executeTakeFirst();
/** Includes hidden media objects. */
export const everById = (db: Db, id: Id) => all(db).where("id", "=", id).executeTakeFirst();
export const byId = (db: Db, id: Id) =>
  all(db).where("id", "=", id).where("deleted_at_ms", "is", null).executeTakeFirst();
export const ofFiles = (db: Db, fileIds: readonly Id[]) =>
  db
    .selectFrom("media.media as media")
    .select(["id as mediaId", "file_id as fileId"])
    .where("file_id", "=", anyOf(fileIds))
    .where("deleted_at_ms", "is", null)
    .execute();
/** The latest of a user with these bytes. */
export const ofContent = (db: Db, userId: Id, sha256: string) =>
  all(db)
    .where("user_id", "=", userId)
    .where("sha256", "=", sha256)
    .where("deleted_at_ms", "is", null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
/** As {@link byId}, locked until the transaction ends. */
export const lock = (tx: Tx<Tables>, id: Id) =>
  all(tx).where("id", "=", id).where("deleted_at_ms", "is", null).forUpdate().executeTakeFirst();

/** Yields false when the file became a media object before. */
export async function insert(tx: Tx<Tables>, row: Insertable<Tables["media.media"]>): Promise<boolean> {
  const { numInsertedOrUpdatedRows: inserted } = await tx
    .insertInto("media.media_files")
    .values({ file_id: row.file_id, media_id: row.id })
    .onConflict((c) => c.column("file_id").doNothing())
    .executeTakeFirstOrThrow();
  if (inserted !== 1n) return false;
  await tx.insertInto("media.media").values(row).execute();
  return true;
}

export type Stored = z.output<typeof StoredObject>;
export interface BriefRow {
  readonly id: Id;
  readonly kind: "video" | "audio" | "image";
  readonly status: "failed" | "processing" | "ready";
  readonly extras: string[];
  readonly userId: Id;
  readonly sizeBytes: number;
  readonly error: string | null;
  readonly message: string | null;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly thumb: string | null;
  readonly loudness: string | null;
  readonly chapters: string | null;
  readonly hasCover: boolean;
  readonly hasStoryboard: boolean;
}
/** The fields of media objects that videos show, with the names of their extras. */
export const briefs = (db: Db, ids: readonly Id[]): Promise<BriefRow[]> =>
  db
    .selectFrom("media.media as media")
    .select([
      "id",
      "user_id as userId",
      "kind",
      "status",
      "error",
      "message",
      "width",
      "height",
      "duration_ms as durationMs",
      "size_bytes as sizeBytes",
      sql<boolean>`cover_key IS NOT NULL`.as("hasCover"),
      "thumb",
      "loudness",
      "chapters",
      sql<boolean>`storyboard IS NOT NULL`.as("hasStoryboard"),
      sql<string[]>`array(SELECT name FROM media.extras WHERE media_id = media.id)`.as("extras"),
    ])
    .where("id", "=", anyOf(ids))
    .where("deleted_at_ms", "is", null)
    .execute();

export const fail = (tx: Tx<Tables>, id: Id, error: string, message: string) =>
  tx.updateTable("media.media as media").set({ status: "failed", error, message }).where("id", "=", id).execute();

export const processing = (tx: Tx<Tables>, id: Id) =>
  tx
    .updateTable("media.media as media")
    .set({ status: "processing", error: null, message: null })
    .where("id", "=", id)
    .execute();

/** Hides media objects; yields those that were not hidden before. */
export const hide = (tx: Tx<Tables>, by: { readonly id: Id } | { readonly userId: Id }, nowMs: number) =>
  tx
    .updateTable("media.media as media")
    .set({ deleted_at_ms: nowMs })
    .where("deleted_at_ms", "is", null)
    .$if("id" in by, (q) => q.where("id", "=", "id" in by ? by.id : 0))
    .$if("userId" in by, (q) => q.where("user_id", "=", "userId" in by ? by.userId : 0))
    .returning(["id", "file_id as fileId", "user_id as userId"])
    .execute();

/** Clears names, captions and chapters of a deleted account: its hidden rows stay for as long as their bytes, without any text. */
export async function forgetWords(tx: Tx<Tables>, userId: Id): Promise<void> {
  const ofUser = tx.selectFrom("media.media as media").select("id").where("user_id", "=", userId);
  await tx.deleteFrom("media.captions").where("media_id", "in", ofUser).execute();
  await tx.updateTable("media.other_audio_tracks").set({ label: "" }).where("media_id", "in", ofUser).execute();
  await tx
    .updateTable("media.media as media")
    .set({ name: "", audio_label: "", chapters: null })
    .where("user_id", "=", userId)
    .execute();
}

/** Deletes the rows of hidden media objects whose bytes were deleted. */
export const forget = (tx: Tx<Tables>, beforeMs: number) =>
  tx
    .deleteFrom("media.media as media")
    .where("deleted_at_ms", "<", beforeMs)
    .where((e) =>
      e.not(e.exists(e.selectFrom("media.media_objects").select("key").whereRef("media_id", "=", "media.id"))),
    )
    .execute();

/** Media objects whose rows do not agree with each other. */
export async function contradictions(db: Db): Promise<{ id: Id; what: string }[]> {
  const { rows } = await sql<{ id: Id; what: string }>`
    SELECT id, 'is ready and nothing of it can be played' AS what FROM media.media
    WHERE deleted_at_ms IS NULL AND status = 'ready' AND kind <> 'image' AND audio_key IS NULL
      AND NOT EXISTS (SELECT FROM media.renditions r WHERE r.media_id = media.id)
    UNION ALL
    SELECT id, 'is a picture without a picture' FROM media.media
    WHERE deleted_at_ms IS NULL AND status = 'ready' AND kind = 'image' AND picture_key IS NULL
    UNION ALL
    SELECT id, 'is waiting and nobody works on it' FROM media.media
    WHERE deleted_at_ms IS NULL AND status = 'processing'
      AND NOT EXISTS (SELECT FROM media.transcode_tasks t WHERE t.media_id = media.id AND t.status IN ('queued', 'running'))
    UNION ALL
    SELECT id, 'failed and does not say why' FROM media.media
    WHERE deleted_at_ms IS NULL AND status = 'failed' AND (error IS NULL OR message IS NULL)
    UNION ALL
    SELECT media_id, 'refers to ' || key || ' without keeping it' FROM (
      SELECT media_id, unnest(ARRAY[key, index_key]) AS key FROM media.renditions
      UNION SELECT media_id, key FROM media.extras
      UNION SELECT media_id, key FROM media.captions
      UNION SELECT media_id, unnest(ARRAY[key, index_key]) FROM media.other_audio_tracks
      UNION SELECT id, unnest(ARRAY[audio_key, audio_index_key, cover_key, picture_key]) FROM media.media WHERE deleted_at_ms IS NULL
    ) AS used JOIN media.media ON media.id = used.media_id AND deleted_at_ms IS NULL
    WHERE key IS NOT NULL AND NOT EXISTS (SELECT FROM media.media_objects o WHERE o.media_id = used.media_id AND o.key = used.key)
    LIMIT 1000`.execute(db);
  return rows;
}
