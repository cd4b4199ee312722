import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { type Generated, type Insertable, sql } from "kysely";
import type { z } from "zod";
import type {
  Captions,
  Cover,
  Extras,
  Format,
  Media,
  OtherSound,
  ReadyRendition,
  Sound,
  StoredObject,
  Task,
} from "./contract.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  media: {
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
    /** What an image was redrawn to. */
    picture_key: Generated<string | null>;
    picture_bytes: Generated<number | null>;
    /** JSON. */
    storyboard: Generated<string | null>;
    thumb: Generated<string | null>;
    /** JSON. */
    loudness: Generated<string | null>;
    created_at_ms: number;
    deleted_at_ms: Generated<number | null>;
  };
  extras: { media_id: Id; name: string; mime: string; key: string; size_bytes: number };
  formats_off: { kind: Format["kind"]; name: string; since_ms: number };
  renditions: {
    media_id: Id;
    profile: string;
    width: number;
    height: number;
    bitrate_bps: number;
    fps: number;
    key: string;
    size_bytes: number;
    index_key: string;
  };
  captions: {
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
  other_sounds: {
    media_id: Id;
    number: number;
    language: string | null;
    label: string;
    key: string;
    size_bytes: number;
    index_key: string;
  };
  /** Which objects of the space `media` a media object refers to; the same bytes may serve several. */
  media_objects: { key: string; media_id: Id };
  transcode_tasks: {
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
  "created_at_ms as createdAtMs",
  "deleted_at_ms as deletedAtMs",
] as const;

const all = (db: Db) => db.selectFrom("media").select(columns);
export type Row = NonNullable<Awaited<ReturnType<typeof byFile>>>;

/** Hidden ones included: a file becomes one media object, ever. */
export const byFile = (db: Db, fileId: Id) => all(db).where("file_id", "=", fileId).executeTakeFirst();
/** Hidden ones included. */
export const everById = (db: Db, id: Id) => all(db).where("id", "=", id).executeTakeFirst();
export const byId = (db: Db, id: Id) =>
  all(db).where("id", "=", id).where("deleted_at_ms", "is", null).executeTakeFirst();
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

export const byIds = (db: Db, ids: readonly Id[]) =>
  all(db)
    .where("id", "=", (e) => e.fn.any(e.val([...ids])))
    .where("deleted_at_ms", "is", null)
    .execute();

/** Smallest first. */
export async function renditions(
  db: Db,
  mediaId: Id,
): Promise<(z.output<typeof ReadyRendition> & { video: object })[]> {
  const rows = await db
    .selectFrom("renditions")
    .select([
      "profile",
      "width",
      "height",
      "bitrate_bps as bitrateBps",
      "fps",
      "key",
      "size_bytes as sizeBytes",
      "index_key as indexKey",
    ])
    .where("media_id", "=", mediaId)
    .orderBy((e) => e("width", "*", e.ref("height")))
    .orderBy("profile")
    .execute();
  return rows.map(({ key, sizeBytes, indexKey, ...row }) => ({
    ...row,
    video: { kind: "video", key, sizeBytes, indexKey },
  }));
}

/** In the order of the file. */
export async function otherSounds(db: Db, mediaId: Id): Promise<z.output<typeof OtherSound>[]> {
  const rows = await db
    .selectFrom("other_sounds")
    .select(["number", "language", "label", "key", "size_bytes as sizeBytes", "index_key as indexKey"])
    .where("media_id", "=", mediaId)
    .orderBy("number")
    .execute();
  return rows.map((row) => ({ ...row, kind: "audio" }));
}

/** Whether it is new: not when the file has become a media object before. */
export async function insert(tx: Tx<Tables>, row: Insertable<Tables["media"]>): Promise<boolean> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("media")
    .values(row)
    .onConflict((c) => c.column("file_id").doNothing())
    .executeTakeFirstOrThrow();
  return made === 1n;
}

type Stored = z.output<typeof StoredObject>;
export interface Finished {
  readonly kind: "video" | "audio";
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly fps: number;
  readonly renditions: readonly z.output<typeof ReadyRendition>[];
  readonly audio: z.output<typeof Sound> | null;
  readonly otherSounds: readonly z.output<typeof OtherSound>[];
  readonly cover: z.output<typeof Cover> | null;
}

/** Notes what was finished and that it can be played. What is not named stays as it is. */
export async function addFinished(tx: Tx<Tables>, id: Id, done: Finished): Promise<void> {
  const { kind, width, height, fps, audio, otherSounds: others, cover } = done;
  const tracks = done.renditions.flatMap(({ video }) => video ?? []);
  await refer(
    tx,
    id,
    [...tracks, ...(audio ? [audio] : []), ...others].flatMap(({ key, indexKey }) => [key, indexKey]),
  );
  if (cover) await refer(tx, id, [cover.key]);
  for (const { profile, video, bitrateBps, ...size } of done.renditions) {
    if (!video) continue;
    const { key, sizeBytes: size_bytes, indexKey: index_key } = video;
    const values = {
      width: size.width,
      height: size.height,
      fps: size.fps,
      bitrate_bps: bitrateBps,
      key,
      size_bytes,
      index_key,
    };
    await tx
      .insertInto("renditions")
      .values({ media_id: id, profile, ...values })
      .onConflict((c) => c.columns(["media_id", "profile"]).doUpdateSet(values))
      .execute();
  }
  for (const { number, language, label, key, sizeBytes: size_bytes, indexKey: index_key } of others) {
    const values = { language, label, key, size_bytes, index_key };
    await tx
      .insertInto("other_sounds")
      .values({ media_id: id, number, ...values })
      .onConflict((c) => c.columns(["media_id", "number"]).doUpdateSet(values))
      .execute();
  }
  await tx
    .updateTable("media")
    .set({
      kind,
      width,
      height,
      duration_ms: done.durationMs,
      fps,
      status: "ready",
      error: null,
      message: null,
      ...(audio && {
        audio_key: audio.key,
        audio_bytes: audio.sizeBytes,
        audio_index_key: audio.indexKey,
        audio_language: audio.language,
        audio_label: audio.label,
      }),
      ...(cover && { cover_key: cover.key, cover_bytes: cover.sizeBytes, thumb: cover.thumb }),
    })
    .where("id", "=", id)
    .execute();
}

/** Notes what was made of it beside what plays, in place of what was before. */
export async function setExtras(
  tx: Tx<Tables>,
  id: Id,
  { files, storyboard, loudness }: z.output<typeof Extras>,
): Promise<void> {
  await refer(
    tx,
    id,
    files.map(({ key }) => key),
  );
  await tx.deleteFrom("extras").where("media_id", "=", id).execute();
  const rows = files.map(({ sizeBytes: size_bytes, ...file }) => ({ media_id: id, ...file, size_bytes }));
  if (rows.length > 0) await tx.insertInto("extras").values(rows).execute();
  const json = (value: object | null) => value && JSON.stringify(value);
  await tx
    .updateTable("media")
    .set({ storyboard: json(storyboard), loudness: json(loudness) })
    .where("id", "=", id)
    .execute();
}

export const extras = (db: Db, ids: readonly Id[]) =>
  db
    .selectFrom("extras")
    .select(["media_id as mediaId", "name", "mime", "key", "size_bytes as sizeBytes"])
    .where("media_id", "=", (e) => e.fn.any(e.val([...ids])))
    .orderBy("media_id")
    .orderBy("name")
    .execute();

/** From here on these objects stay for as long as the media object does. */
export async function refer(tx: Tx<Tables>, media_id: Id, keys: readonly string[]): Promise<void> {
  for (const key of [...new Set(keys)].toSorted()) {
    await lockKey(tx, key);
    await tx
      .insertInto("media_objects")
      .values({ key, media_id })
      .onConflict((c) => c.doNothing())
      .execute();
  }
}

export async function repurpose(
  tx: Tx<Tables>,
  id: Id,
  purpose: Media["purpose"],
  { key, sizeBytes, width, height }: Stored & { readonly width: number; readonly height: number },
): Promise<void> {
  await refer(tx, id, [key]);
  await tx
    .updateTable("media")
    .set({ purpose, picture_key: key, picture_bytes: sizeBytes, width, height })
    .where("id", "=", id)
    .where("purpose", "=", "picture")
    .execute();
}

export const fail = (tx: Tx<Tables>, id: Id, error: string, message: string) =>
  tx.updateTable("media").set({ status: "failed", error, message }).where("id", "=", id).execute();

export const processing = (tx: Tx<Tables>, id: Id) =>
  tx.updateTable("media").set({ status: "processing", error: null, message: null }).where("id", "=", id).execute();

/** Hides media objects; yields those that were not hidden before. */
export const hide = (tx: Tx<Tables>, by: { readonly id: Id } | { readonly userId: Id }, nowMs: number) =>
  tx
    .updateTable("media")
    .set({ deleted_at_ms: nowMs })
    .where("deleted_at_ms", "is", null)
    .$if("id" in by, (q) => q.where("id", "=", "id" in by ? by.id : 0))
    .$if("userId" in by, (q) => q.where("user_id", "=", "userId" in by ? by.userId : 0))
    .returning(["id", "file_id as fileId", "user_id as userId"])
    .execute();

const taskColumns = [
  "transcode_tasks.id as taskId",
  "media_id as mediaId",
  "transcode_tasks.status",
  "progress",
  "step",
  "transcode_tasks.error",
  "ends_at_ms as endsAtMs",
] as const;
const task = (db: Db) => db.selectFrom("transcode_tasks").select(taskColumns);
export type TaskRow = Omit<Task, "secondsLeft"> & { readonly endsAtMs: number | null };

export const latestTask = (db: Db, mediaId: Id): Promise<TaskRow | undefined> =>
  task(db).where("media_id", "=", mediaId).orderBy("id", "desc").limit(1).executeTakeFirst();

/** Of media that are hidden none is shown. */
const tasksOf = (db: Db, userId: Id) =>
  task(db)
    .innerJoin("media", "media.id", "media_id")
    .where("transcode_tasks.user_id", "=", userId)
    .where("deleted_at_ms", "is", null);

export const taskOf = (db: Db, userId: Id, id: Id): Promise<TaskRow | undefined> =>
  tasksOf(db, userId).where("transcode_tasks.id", "=", id).executeTakeFirst();

export const listTasks = (db: Db, userId: Id, page: PageInput) =>
  pageOf(db, tasksOf(db, userId), { "transcode_tasks.id": "taskId" }, page);

export const insertTask = (tx: Tx<Tables>, row: { id: Id; media_id: Id; user_id: Id; created_at_ms: number }) =>
  tx.insertInto("transcode_tasks").values(row).returning(taskColumns).executeTakeFirstOrThrow();

/** Notes how far a task is; progress never goes back, and what is over stays over. */
export const advance = (tx: Tx<Tables>, id: Id, progress: number, step: string, endsAtMs: number | null) =>
  tx
    .updateTable("transcode_tasks")
    .set({
      status: "running",
      step,
      progress: sql<number>`greatest(progress, ${progress}::integer)`,
      ends_at_ms: endsAtMs,
    })
    .where("id", "=", id)
    .where("status", "in", ["queued", "running"])
    .execute();

/** Yields the task where it was not over before. One that failed may be completed after all, by an administrator's retry. */
export const endTask = (
  tx: Tx<Tables>,
  id: Id,
  status: "completed" | "failed" | "cancelled",
  error: string | null,
): Promise<TaskRow | undefined> =>
  tx
    .updateTable("transcode_tasks")
    .set({ status, step: "", error, ends_at_ms: null, ...(status === "completed" && { progress: 100 }) })
    .where("id", "=", id)
    .where("status", "in", status === "completed" ? ["queued", "running", "failed"] : ["queued", "running"])
    .returning(taskColumns)
    .executeTakeFirst();

/** Until the transaction ends nobody else begins or stops to refer to this object. */
export const lockKey = (tx: Tx<Tables>, key: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);

/** The objects a hidden media object refers to, in the one order of locking. */
export const objectsOfHidden = (db: Db, id: Id) =>
  db
    .selectFrom("media_objects")
    .innerJoin("media", "media.id", "media_id")
    .select("key")
    .where("media_id", "=", id)
    .where("deleted_at_ms", "is not", null)
    .orderBy("key")
    .execute();

export const unrefer = (tx: Tx<Tables>, mediaId: Id, key: string) =>
  tx.deleteFrom("media_objects").where("media_id", "=", mediaId).where("key", "=", key).execute();

/** Those of these keys that any media object refers to. */
export async function referred(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom("media_objects")
    .select("key")
    .distinct()
    .where("key", "=", (e) => e.fn.any(e.val([...keys])))
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/** Keys of the objects that one person's media refer to, or all media, in order. */
export async function keysOf(db: Db, userId: Id | undefined, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("media_objects")
    .innerJoin("media", "media.id", "media_id")
    .select("key")
    .distinct()
    .$if(userId !== undefined, (q) => q.where("user_id", "=", userId ?? 0))
    .where("key", ">", after)
    .orderBy("key")
    .limit(limit)
    .execute();
  return rows.map(({ key }) => key);
}

/** Whose media refer to these keys. */
export const ownersOf = (db: Db, keys: readonly string[]) =>
  db
    .selectFrom("media_objects")
    .innerJoin("media", "media.id", "media_id")
    .select(["key", "user_id as userId"])
    .distinct()
    .where("key", "=", (e) => e.fn.any(e.val([...keys])))
    .orderBy("key")
    .orderBy("user_id")
    .limit(ownersMax)
    .execute();
const ownersMax = 1_000;

/** Drops hidden media objects whose bytes are gone. */
export const forget = (tx: Tx<Tables>, beforeMs: number) =>
  tx
    .deleteFrom("media")
    .where("deleted_at_ms", "<", beforeMs)
    .where((e) => e.not(e.exists(e.selectFrom("media_objects").select("key").whereRef("media_id", "=", "media.id"))))
    .execute();

/** What must be stored: everything that plays, pictures included, and what else a media object still refers to. */
export async function objects(db: Db): Promise<{ id: Id; key: string; sizeBytes: number | undefined }[]> {
  const { rows } = await sql<{ id: Id; key: string; sizeBytes: number | null }>`
    WITH used (id, key, size_bytes) AS (
      SELECT media_id, key, size_bytes FROM renditions UNION ALL
      SELECT media_id, index_key, NULL FROM renditions UNION ALL
      SELECT media_id, key, size_bytes FROM captions UNION ALL
      SELECT media_id, key, size_bytes FROM other_sounds UNION ALL
      SELECT media_id, index_key, NULL FROM other_sounds UNION ALL
      SELECT id, audio_key, audio_bytes FROM media WHERE audio_key IS NOT NULL UNION ALL
      SELECT id, audio_index_key, NULL FROM media WHERE audio_index_key IS NOT NULL UNION ALL
      SELECT id, cover_key, cover_bytes FROM media WHERE cover_key IS NOT NULL UNION ALL
      SELECT id, picture_key, picture_bytes FROM media WHERE picture_key IS NOT NULL UNION ALL
      SELECT media_id, key, size_bytes FROM extras
    )
    SELECT coalesce(u.id, o.media_id) AS id, coalesce(u.key, o.key) AS key, u.size_bytes AS "sizeBytes"
    FROM (SELECT used.* FROM used JOIN media ON media.id = used.id WHERE deleted_at_ms IS NULL) u
    FULL JOIN media_objects o ON o.media_id = u.id AND o.key = u.key
    ORDER BY 1, 2`.execute(db);
  return rows.map(({ sizeBytes, ...row }) => ({ ...row, sizeBytes: sizeBytes ?? undefined }));
}

/** Media objects whose rows do not agree with each other. */
export async function contradictions(db: Db): Promise<{ id: Id; what: string }[]> {
  const { rows } = await sql<{ id: Id; what: string }>`
    SELECT id, 'is ready and nothing of it can be played' AS what FROM media
    WHERE deleted_at_ms IS NULL AND status = 'ready' AND kind <> 'image' AND audio_key IS NULL
      AND NOT EXISTS (SELECT FROM renditions r WHERE r.media_id = media.id)
    UNION ALL
    SELECT id, 'is a picture without a picture' FROM media
    WHERE deleted_at_ms IS NULL AND status = 'ready' AND kind = 'image' AND picture_key IS NULL
    UNION ALL
    SELECT id, 'is waiting and nobody works on it' FROM media
    WHERE deleted_at_ms IS NULL AND status = 'processing'
      AND NOT EXISTS (SELECT FROM transcode_tasks t WHERE t.media_id = media.id AND t.status IN ('queued', 'running'))
    UNION ALL
    SELECT id, 'failed and does not say why' FROM media
    WHERE deleted_at_ms IS NULL AND status = 'failed' AND (error IS NULL OR message IS NULL)
    UNION ALL
    SELECT media_id, 'refers to ' || key || ' without keeping it' FROM (
      SELECT media_id, unnest(ARRAY[key, index_key]) AS key FROM renditions
      UNION SELECT media_id, key FROM extras
      UNION SELECT media_id, key FROM captions
      UNION SELECT media_id, unnest(ARRAY[key, index_key]) FROM other_sounds
      UNION SELECT id, unnest(ARRAY[audio_key, audio_index_key, cover_key, picture_key]) FROM media WHERE deleted_at_ms IS NULL
    ) AS used JOIN media ON media.id = used.media_id AND deleted_at_ms IS NULL
    WHERE key IS NOT NULL AND NOT EXISTS (SELECT FROM media_objects o WHERE o.media_id = used.media_id AND o.key = used.key)
    LIMIT 1000`.execute(db);
  return rows;
}
