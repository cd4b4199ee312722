import type { Cover, Extras, OtherSound, ReadyRendition, Sound } from "#events/transcoder";
import type { FileChapters } from "#events/media";
import { anyOf, type Id, type Reader, type Tx } from "#kernel";
import { sql } from "kysely";
import type { z } from "zod";
import { refer } from "../objects/object-store.ts";
import type { Tables } from "../store.ts";

type Db = Reader<Tables>;

/** A recorded live stream plays from its file, which belongs to another service. */
const isOwn = (key: string): boolean => key.startsWith("media/");

export type RenditionOf = z.output<typeof ReadyRendition> & { video: object };

/** Ordered by size, the smallest first. */
export const renditions = (db: Db, mediaId: Id): Promise<RenditionOf[]> => renditionsThat(db, mediaId, "is");

/** Renditions that were replaced and still play. */
export const formerRenditions = (db: Db, mediaId: Id): Promise<RenditionOf[]> => renditionsThat(db, mediaId, "is not");

async function renditionsThat(db: Db, mediaId: Id, isDropped: "is" | "is not"): Promise<RenditionOf[]> {
  const rows = await db
    .selectFrom("media.renditions")
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
    .where("dropped_at_ms", isDropped, null)
    .orderBy((e) => e("width", "*", e.ref("height")))
    .orderBy("profile")
    .execute();
  return rows.map(({ key, sizeBytes, indexKey, ...row }) => ({
    ...row,
    video: { kind: "video", key, sizeBytes, indexKey },
  }));
}

/** In the order they have in the file. */
export async function otherSounds(db: Db, mediaId: Id): Promise<z.output<typeof OtherSound>[]> {
  const rows = await db
    .selectFrom("media.other_audio_tracks")
    .select(["number", "language", "label", "key", "size_bytes as sizeBytes", "index_key as indexKey"])
    .where("media_id", "=", mediaId)
    .orderBy("number")
    .execute();
  return rows.map((row) => ({ ...row, kind: "audio" }));
}

export interface Outputs {
  readonly kind: "video" | "audio";
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly fps: number;
  readonly chapters: z.output<typeof FileChapters>;
  /** Codes of the parts of the file that do not play. */
  readonly notices: readonly string[];
  readonly renditions: readonly z.output<typeof ReadyRendition>[];
  readonly audio: z.output<typeof Sound> | null;
  readonly otherSounds: readonly z.output<typeof OtherSound>[];
  readonly cover: z.output<typeof Cover> | null;
}

/** Adds what an attempt of the transcoder made, and marks the media object as ready. Other outputs stay as they are. */
export async function addOutputs(tx: Tx<Tables>, id: Id, outputs: Outputs): Promise<void> {
  const { kind, width, height, fps, audio, otherSounds, cover } = outputs;
  const tracks = outputs.renditions.flatMap(({ video }) => video ?? []);
  await refer(
    tx,
    id,
    [...tracks, ...(audio ? [audio] : []), ...otherSounds]
      .flatMap(({ key, indexKey }) => [key, indexKey])
      .filter(isOwn),
  );
  if (cover) await refer(tx, id, [cover.key]);
  for (const { profile, video, bitrateBps, ...size } of outputs.renditions) {
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
      dropped_at_ms: null,
    };
    await tx
      .insertInto("media.renditions")
      .values({ media_id: id, profile, ...values })
      .onConflict((c) => c.columns(["media_id", "profile"]).doUpdateSet(values))
      .execute();
  }
  for (const { number, language, label, key, sizeBytes: size_bytes, indexKey: index_key } of otherSounds) {
    const values = { language, label, key, size_bytes, index_key };
    await tx
      .insertInto("media.other_audio_tracks")
      .values({ media_id: id, number, ...values })
      .onConflict((c) => c.columns(["media_id", "number"]).doUpdateSet(values))
      .execute();
  }
  await tx
    .updateTable("media.media")
    .set({
      kind,
      width,
      height,
      duration_ms: outputs.durationMs,
      fps,
      chapters: chaptersJson(outputs.chapters),
      notices: outputs.notices.join(" "),
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

/** As the column has them: null for none. Pure. */
export const chaptersJson = (chapters: z.output<typeof FileChapters>): string | null =>
  chapters.length === 0 ? null : JSON.stringify(chapters);

/** Takes a rendition out of the list; yields its objects where it was there. */
export async function dropRendition(tx: Tx<Tables>, mediaId: Id, profile: string, nowMs: number): Promise<string[]> {
  const row = await tx
    .updateTable("media.renditions")
    .set({ dropped_at_ms: nowMs })
    .where((e) => e.and({ media_id: mediaId, profile }))
    .where("dropped_at_ms", "is", null)
    .returning(["key", "index_key as indexKey"])
    .executeTakeFirst();
  return row ? [row.key, row.indexKey].filter(isOwn) : [];
}

/** The media whose outputs are in an object, in the order of locking. */
export async function mediaWithOutput(db: Db, key: string): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`
    SELECT media_id AS id FROM media.renditions WHERE (key = ${key} OR index_key = ${key}) AND dropped_at_ms IS NULL
    UNION SELECT media_id FROM media.other_audio_tracks WHERE key = ${key} OR index_key = ${key}
    UNION SELECT media_id FROM media.extras WHERE key = ${key}
    UNION SELECT id FROM media.media WHERE audio_key = ${key} OR audio_index_key = ${key} OR cover_key = ${key}
    ORDER BY id`.execute(db);
  return rows.map(({ id }) => id);
}

/** The profiles of the renditions that are in an object. */
export async function profilesWith(db: Db, mediaId: Id, key: string): Promise<string[]> {
  const rows = await db
    .selectFrom("media.renditions")
    .select("profile")
    .where("media_id", "=", mediaId)
    .where("dropped_at_ms", "is", null)
    .where((e) => e.or([e("key", "=", key), e("index_key", "=", key)]))
    .execute();
  return rows.map(({ profile }) => profile);
}

/** Forgets all further sounds, where one of them is in this object: they are made together. */
export const forgetSoundsWith = (tx: Tx<Tables>, mediaId: Id, key: string) =>
  sql`DELETE FROM media.other_audio_tracks WHERE media_id = ${mediaId} AND EXISTS (
        SELECT FROM media.other_audio_tracks AS damaged
        WHERE damaged.media_id = ${mediaId} AND (damaged.key = ${key} OR damaged.index_key = ${key}))`.execute(tx);

/** Forgets the renditions that were dropped, or one of them, unless they have been made again since. */
export const forgetDropped = (tx: Tx<Tables>, mediaId: Id, profile?: string) =>
  tx
    .deleteFrom("media.renditions")
    .where("media_id", "=", mediaId)
    .$if(profile !== undefined, (q) => q.where("profile", "=", profile ?? ""))
    .where("dropped_at_ms", "is not", null)
    .execute();

/** Replaces the extras of a media object: its preview, waveform, storyboard and loudness. */
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
  await tx.deleteFrom("media.extras").where("media_id", "=", id).execute();
  const rows = files.map(({ sizeBytes: size_bytes, ...file }) => ({ media_id: id, ...file, size_bytes }));
  if (rows.length > 0) await tx.insertInto("media.extras").values(rows).execute();
  const json = (value: object | null) => value && JSON.stringify(value);
  await tx
    .updateTable("media.media")
    .set({ storyboard: json(storyboard), loudness: json(loudness) })
    .where("id", "=", id)
    .execute();
}

export interface ExtraRow {
  readonly key: string;
  readonly sizeBytes: number;
  readonly mediaId: Id;
  readonly name: string;
  readonly mime: string;
}
export const extras = (db: Db, ids: readonly Id[]): Promise<ExtraRow[]> =>
  db
    .selectFrom("media.extras")
    .select(["media_id as mediaId", "name", "mime", "key", "size_bytes as sizeBytes"])
    .where("media_id", "=", anyOf(ids))
    .orderBy("media_id")
    .orderBy("name")
    .execute();
