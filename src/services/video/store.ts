import type { Visibility } from "#events/video";
import type { Gate, Teaser } from "#policy/gates/fields";
import { anyOf, type Id, type Reader, type Tx } from "#kernel";
import { type ColumnType, type Generated, type Insertable, type NotNull, sql, type Updateable } from "kysely";

/** The tables as `migrations.ts` leaves them. */
/** The columns that a change sets. */
export type VideoChanges = Updateable<Tables["video.videos"]>;

export interface Tables {
  /** The copy `mutes` of `#policy/copies/mutes`. */
  "own.muted": { user_id: Id; kind: "mute" | "bar"; until_ms: number | null; reason: string };
  "video.videos": {
    id: Id;
    user_id: Id;
    media_id: Id;
    title: string;
    description: string;
    /** An address elsewhere; empty where the cover is automatic or a picture stored here. */
    cover_url: string;
    /** The picture its owner chose; null for the automatic cover. */
    cover_media_id: Id | null;
    /** Replaces `media_id` when it can be played. */
    next_media_id: Generated<Id | null>;
    category_id: Id | null;
    tags: string[];
    hashtags: string[];
    visibility: Visibility;
    /** Present where the visibility is `password`, and where a gate has that term. */
    password_hash: string | null;
    /** Present where the visibility is `gated`, and only there. */
    gate: ColumnType<Gate | null, string | null | undefined, string | null>;
    teaser: Generated<Teaser>;
    generation: Generated<number>;
    version: Generated<number>;
    status: number;
    is_draft: boolean;
    /** Only a draft has one. */
    publish_at_ms: number | null;
    allow_comment: boolean;
    allow_download: boolean;
    created_at_ms: number;
    published_at_ms: number | null;
    deleted_at_ms: Generated<number | null>;
    /** The moderator's reason; present while the status is 3. */
    removed_reason: Generated<string | null>;
  };
  "video.playlists": {
    id: Id;
    user_id: Id;
    title: string;
    description: string;
    visibility: "public" | "unlisted" | "private" | "gated";
    /** Present where the gate has that term. */
    password_hash: Generated<string | null>;
    /** Present where the visibility is `gated`, and only there. */
    gate: ColumnType<Gate | null, string | null | undefined, string | null>;
    teaser: Generated<Teaser>;
    /** Grows with each change of who may see it. */
    generation: Generated<number>;
    created_at_ms: number;
    /** Grows with each change of its fields. */
    version: Generated<number>;
    /** Removed by a moderator: hidden from all users. */
    is_removed: Generated<boolean>;
  };
  /** The highest rank is the first; between two there is room for others. */
  "video.playlist_items": { playlist_id: Id; video_id: Id; rank: number };
  /** Local copies of the media objects of videos, updated by events. */
  "video.media_states": {
    media_id: Id;
    state: Generated<"processing" | "ready" | "failed">;
    width: Generated<number>;
    height: Generated<number>;
    duration_ms: Generated<number>;
    size_bytes: Generated<number>;
    has_cover: Generated<boolean>;
    /** JSON; null where the file has none. */
    chapters: Generated<string | null>;
    error: Generated<string | null>;
    message: Generated<string | null>;
    /** Its last video was deleted and its release published: no video is made of it again. */
    is_released: Generated<boolean>;
  };
}
export type Db = Reader<Tables>;
/** Its media object may have an `error` that says what it waits for, as a stand-in does. */
export const processing = 0;
export const published = 1;
export const failed = 2;
export const takenDown = 3;
/** Ready, and held back by its owner. */
export const heldBack = 4;

export const columns = [
  "videos.id",
  "user_id as userId",
  "videos.media_id as mediaId",
  "title",
  "description",
  "cover_url as coverUrl",
  "cover_media_id as coverMediaId",
  "category_id as categoryId",
  "tags",
  "hashtags",
  "visibility",
  "password_hash as passwordHash",
  "generation",
  "version",
  "status",
  "is_draft as isDraft",
  "publish_at_ms as publishAtMs",
  "allow_comment as allowComment",
  "gate",
  "teaser",
  "allow_download as allowDownload",
  "created_at_ms as createdAtMs",
  "published_at_ms as publishedAtMs",
  "removed_reason as removedReason",
  "media_states.width",
  "media_states.height",
  "media_states.duration_ms as durationMs",
  "media_states.size_bytes as sizeBytes",
  "media_states.has_cover as hasCover",
  "media_states.chapters as fileChapters",
  "media_states.error",
  "media_states.message",
  "next_media_id as nextMediaId",
  "next.state as nextState",
  "next.error as nextError",
  "next.message as nextMessage",
] as const;

/** Videos that are not deleted. */
export const rows = (db: Db) =>
  db
    .selectFrom("video.videos as videos")
    // Every video has one, stored in the transaction that created it.
    .leftJoin("video.media_states as media_states", "media_states.media_id", "videos.media_id")
    .leftJoin("video.media_states as next", "next.media_id", "videos.next_media_id")
    .select(columns)
    .$narrowType<{ width: NotNull; height: NotNull; durationMs: NotNull; sizeBytes: NotNull; hasCover: NotNull }>()
    .where("deleted_at_ms", "is", null);
/** The texts of a video. */
export type Wording = "title" | "description" | "tags" | "hashtags";

export interface Row {
  readonly id: Id;
  readonly userId: Id;
  readonly mediaId: Id;
  readonly title: string;
  readonly description: string;
  readonly coverUrl: string;
  readonly coverMediaId: Id | null;
  readonly categoryId: Id | null;
  readonly tags: string[];
  readonly hashtags: string[];
  readonly visibility: Visibility;
  readonly passwordHash: string | null;
  readonly gate: Gate | null;
  readonly teaser: Teaser;
  readonly generation: number;
  readonly version: number;
  readonly status: number;
  readonly isDraft: boolean;
  readonly publishAtMs: number | null;
  readonly allowComment: boolean;
  readonly allowDownload: boolean;
  readonly createdAtMs: number;
  readonly publishedAtMs: number | null;
  readonly removedReason: string | null;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly hasCover: boolean;
  readonly fileChapters: string | null;
  readonly error: string | null;
  readonly message: string | null;
  readonly nextMediaId: Id | null;
  readonly nextState: "failed" | "processing" | "ready" | null;
  readonly nextError: string | null;
  readonly nextMessage: string | null;
}
export const byId = (db: Db, id: Id): Promise<Row | undefined> =>
  rows(db).where("videos.id", "=", id).executeTakeFirst();

/** As {@link byId}, locked until the transaction ends. */
export async function lock(tx: Tx<Tables>, id: Id) {
  await tx.selectFrom("video.videos as videos").select("id").where("id", "=", id).forUpdate().executeTakeFirst();
  return byId(tx, id);
}

/**
 * Locks the videos that an event of this media object may change. Videos are locked before media states everywhere, so
 * that transactions do not deadlock.
 */
export const lockByMedia = (tx: Tx<Tables>, mediaId: Id) =>
  tx
    .selectFrom("video.videos as videos")
    .select("id")
    .where("deleted_at_ms", "is", null)
    .where((e) =>
      e.or([e("next_media_id", "=", mediaId), e.and([e("media_id", "=", mediaId), e("status", "in", [0, 2])])]),
    )
    .orderBy("id")
    .forUpdate()
    .execute();

/** The public videos that show this media object; usually a few. */
export const publicOf = (db: Db, mediaId: Id) =>
  db
    .selectFrom("video.videos as videos")
    .select(["id", "generation"])
    .where("media_id", "=", mediaId)
    .where("visibility", "=", "public")
    .where("status", "=", published)
    .where("deleted_at_ms", "is", null)
    .orderBy("id")
    .limit(1_000)
    .execute();

/** The given media objects whose file everybody may download. */
export async function downloadable(db: Db, mediaIds: readonly Id[]): Promise<Set<Id>> {
  const rows = await db
    .selectFrom("video.videos as videos")
    .select("media_id as mediaId")
    .distinct()
    .where("media_id", "=", anyOf(mediaIds))
    .where("visibility", "=", "public")
    .where("status", "=", published)
    .where("allow_download", "=", true)
    .where("deleted_at_ms", "is", null)
    .execute();
  return new Set(rows.map(({ mediaId }) => mediaId));
}

/** The videos that wait for this media object. */
export const awaiting = (db: Db, mediaId: Id) =>
  db
    .selectFrom("video.videos as videos")
    .select("id")
    .where("next_media_id", "=", mediaId)
    .where("deleted_at_ms", "is", null)
    .orderBy("id")
    .execute();

export const awaitMedia = (tx: Tx<Tables>, id: Id, next_media_id: Id | null) =>
  tx.updateTable("video.videos as videos").set({ next_media_id }).where("id", "=", id).execute();

/** Sets an earlier time of publication. */
export const backdate = (tx: Tx<Tables>, id: Id, publishedAtMs: number) =>
  tx
    .updateTable("video.videos as videos")
    .set({
      created_at_ms: sql<number>`least(created_at_ms, ${publishedAtMs}::bigint)`,
      published_at_ms: publishedAtMs,
      version: sql<number>`version + 1`,
    })
    .where("id", "=", id)
    .where("published_at_ms", ">", publishedAtMs)
    .execute();

/** Shows a media object that can be played, under a new generation. */
export const showMedia = (tx: Tx<Tables>, id: Id, media_id: Id, nowMs: number) =>
  tx
    .updateTable("video.videos as videos")
    .set({
      media_id,
      next_media_id: null,
      generation: sql<number>`generation + 1`,
      version: sql<number>`version + 1`,
      status: sql<number>`CASE WHEN status NOT IN (0, 2) THEN status WHEN is_draft THEN ${heldBack}::integer ELSE ${published}::integer END`,
      published_at_ms: sql<number>`CASE WHEN is_draft THEN published_at_ms ELSE coalesce(published_at_ms, ${nowMs}::bigint) END`,
    })
    .where("id", "=", id)
    .execute();

/** Replaces the number of a stand-in by the media object. */
export async function replaceStandIn(
  tx: Tx<Tables>,
  id: Id,
  { standIn, mediaId }: { standIn: Id; mediaId: Id },
): Promise<void> {
  const version = sql<number>`version + 1`;
  // A failed video that is tried again waits again.
  const status = sql<number>`CASE WHEN status = ${failed} THEN ${processing}::integer ELSE status END`;
  await tx
    .updateTable("video.videos as videos")
    .set({ media_id: mediaId, version, status })
    .where("id", "=", id)
    .execute();
  await tx.deleteFrom("video.media_states as media_states").where("media_id", "=", standIn).execute();
}

export const byIds = (db: Db, ids: readonly Id[]) => rows(db).where("videos.id", "=", anyOf(ids)).execute();

/** Videos in the order of their ids. */
export const batch = (db: Db, after: number, limit: number) =>
  rows(db).where("videos.id", ">", after).orderBy("videos.id").limit(limit).execute();

const isPublic = sql<boolean>`videos.visibility = 'public' AND videos.status = ${published} AND videos.deleted_at_ms IS NULL`;

export async function publicBlocks(db: Db, size: number): Promise<Id[]> {
  const firsts = await db
    .selectFrom((from) =>
      from
        .selectFrom("video.videos as videos")
        .select(["id", sql<number>`row_number() OVER (ORDER BY id) - 1`.as("place")])
        .where(isPublic)
        .as("numbered"),
    )
    .select("id")
    .where(sql<boolean>`place % ${size} = 0`)
    .orderBy("id")
    .execute();
  return firsts.map(({ id }) => id);
}

export async function publicFrom(db: Db, id: Id, limit: number): Promise<Id[]> {
  const rows = await db
    .selectFrom("video.videos as videos")
    .select("id")
    .where("id", ">=", id)
    .where(isPublic)
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** The public videos behind a place in the order of publication. */
export async function newest(
  db: Db,
  after: { readonly publishedAtMs: number; readonly videoId: Id } | undefined,
  limit: number,
): Promise<{ videoId: Id; publishedAtMs: number }[]> {
  const rows = await db
    .selectFrom("video.videos as videos")
    .select(["id as videoId", "published_at_ms as publishedAtMs"])
    .where(isPublic)
    .$if(after !== undefined, (q) =>
      q.where(sql<boolean>`(published_at_ms, id) < (${after?.publishedAtMs}::bigint, ${after?.videoId}::bigint)`),
    )
    .orderBy("published_at_ms", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ videoId, publishedAtMs }) => ({ videoId, publishedAtMs: publishedAtMs ?? 0 }));
}

export const publicCounts = (db: Db, userIds: readonly Id[]) =>
  db
    .selectFrom("video.videos as videos")
    .select(["user_id as userId", (e) => e.fn.countAll<number>().as("videoCount")])
    .where("user_id", "=", anyOf(userIds))
    .where("deleted_at_ms", "is", null)
    .where("visibility", "=", "public")
    .where("status", "=", published)
    .groupBy("user_id")
    .execute();

export const insert = (
  tx: Tx<Tables>,
  row: Omit<
    Insertable<Tables["video.videos"]>,
    "generation" | "version" | "deleted_at_ms" | "next_media_id" | "removed_reason"
  >,
) => tx.insertInto("video.videos").values(row).execute();

export const update = (tx: Tx<Tables>, id: Id, changes: Updateable<Tables["video.videos"]>, endsAddresses: boolean) =>
  tx
    .updateTable("video.videos as videos")
    .set({
      ...changes,
      version: sql<number>`version + 1`,
      ...(endsAddresses && { generation: sql<number>`generation + 1` }),
    })
    .where("id", "=", id)
    .execute();

/** Publishes a draft, or lets it be published when it is ready; yields whether it can be watched now. */
export async function publish(tx: Tx<Tables>, id: Id, nowMs: number): Promise<boolean> {
  const { rows: changed } = await sql<{ isPublished: boolean }>`
    UPDATE video.videos SET is_draft = false, publish_at_ms = NULL, version = version + 1,
      published_at_ms = CASE WHEN status = ${heldBack} THEN ${nowMs}::bigint ELSE published_at_ms END,
      status = CASE WHEN status = ${heldBack} THEN ${published}::integer ELSE status END
    WHERE id = ${id} AND is_draft RETURNING status = ${published} AS "isPublished"`.execute(tx);
  return changed[0]?.isPublished === true;
}

/** Takes a video down; yields false where it was down before. Its addresses end with its generation. */
export async function takeDown(tx: Tx<Tables>, id: Id, removed_reason: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("video.videos as videos")
    .set({
      status: takenDown,
      removed_reason,
      version: sql<number>`version + 1`,
      generation: sql<number>`generation + 1`,
    })
    .where("id", "=", id)
    .where("status", "<>", takenDown)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Restores a video to the status of its media and draft; yields false where it was not taken down. */
export async function restore(tx: Tx<Tables>, id: Id, nowMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE video.videos v SET removed_reason = NULL, version = version + 1,
      status = CASE WHEN m.state = 'failed' THEN 2 WHEN m.state = 'processing' THEN 0
                    WHEN is_draft THEN ${heldBack}::integer ELSE ${published}::integer END,
      published_at_ms = CASE WHEN m.state = 'ready' AND NOT is_draft THEN coalesce(published_at_ms, ${nowMs}::bigint)
                             ELSE published_at_ms END
    FROM video.media_states m
    WHERE m.media_id = v.media_id AND v.id = ${id} AND status = ${takenDown} AND deleted_at_ms IS NULL`.execute(tx);
  return numAffectedRows === 1n;
}

/** For how long the owner of a video is still muted, by the local copy; undefined where they are not. */
export async function mutedForMs(db: Db, videoId: Id, nowMs: number): Promise<number | undefined> {
  const rows = await db
    .selectFrom("own.muted as muted")
    .innerJoin("video.videos as videos", "videos.user_id", "muted.user_id")
    .select("until_ms as untilMs")
    .where("videos.id", "=", videoId)
    .where((e) => e.or([e("until_ms", "is", null), e("until_ms", ">", nowMs)]))
    .execute();
  return rows.length === 0 ? undefined : Math.max(...rows.map(({ untilMs }) => (untilMs ?? Infinity) - nowMs));
}

/** The first thousand videos that should have been published before; those of muted owners are not among them. */
export const overduePublications = (db: Db, beforeMs: number, nowMs: number) =>
  db
    .selectFrom("video.videos as videos")
    .select("id")
    .where("deleted_at_ms", "is", null)
    .where("publish_at_ms", "<", beforeMs)
    .where(
      sql<boolean>`NOT EXISTS (SELECT FROM ${sql.table("own.muted")} s WHERE s.user_id = videos.user_id
                               AND (s.until_ms IS NULL OR s.until_ms > ${nowMs}))`,
    )
    .orderBy("publish_at_ms")
    .limit(1_000)
    .execute();

/** Sets the status of the waiting videos of a media object; drafts are held back. Yields the changed videos. */
export const setStatusByMedia = (tx: Tx<Tables>, mediaId: Id, status: number, publishedAtMs: number | null) =>
  tx
    .updateTable("video.videos as videos")
    .set({
      status: sql<number>`CASE WHEN is_draft AND ${status} = ${published}::integer THEN ${heldBack}::integer ELSE ${status} END`,
      published_at_ms: sql<number | null>`CASE WHEN is_draft THEN NULL ELSE ${publishedAtMs}::bigint END`,
      version: sql<number>`version + 1`,
    })
    .where("media_id", "=", mediaId)
    .where("status", "in", [0, 2])
    .where("deleted_at_ms", "is", null)
    .returning(["id", "status"])
    .execute();

export const markDeleted = (tx: Tx<Tables>, id: Id, deleted_at_ms: number) =>
  tx.updateTable("video.videos as videos").set({ deleted_at_ms }).where("id", "=", id).execute();

export const undeletedOfUser = (db: Db, userId: Id) =>
  db
    .selectFrom("video.videos as videos")
    .select("id")
    .where("user_id", "=", userId)
    .where("deleted_at_ms", "is", null)
    .orderBy("id")
    .execute();

export const purgeDeleted = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("video.videos as videos").where("deleted_at_ms", "<", beforeMs).execute();

/** Deleted videos of a deleted account do not wait for {@link purgeDeleted}: no decision about them needs explaining. */
export const purgeOwner = (tx: Tx<Tables>, userId: Id) =>
  tx
    .deleteFrom("video.videos as videos")
    .where("user_id", "=", userId)
    .where("deleted_at_ms", "is not", null)
    .execute();

/** Videos whose replacement can be played and is not shown. */
export const overdueReplacements = (db: Db) =>
  db
    .selectFrom("video.videos as videos")
    .innerJoin("video.media_states as media_states", "media_states.media_id", "next_media_id")
    .select("id")
    .where("deleted_at_ms", "is", null)
    .where("state", "=", "ready")
    .limit(1_000)
    .execute();

/** Videos whose status contradicts the state of their media. */
export const inconsistentStatuses = (db: Db) =>
  db
    .selectFrom("video.videos as videos")
    .innerJoin("video.media_states as media_states", "media_states.media_id", "videos.media_id")
    .select(["id", "status", "state"])
    .where("deleted_at_ms", "is", null)
    .where((e) =>
      e.or([
        e.and([e("status", "=", 0), e("state", "!=", "processing")]),
        e.and([e("status", "in", [published, heldBack]), e("state", "!=", "ready")]),
        e.and([e("status", "in", [published, heldBack]), sql<boolean>`is_draft = (status = ${published})`]),
        e.and([e("status", "=", published), e("published_at_ms", "is", null)]),
      ]),
    )
    .limit(1_000)
    .execute();
